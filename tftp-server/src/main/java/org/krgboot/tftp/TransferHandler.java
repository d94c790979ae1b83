package org.krgboot.tftp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.krgboot.linux.LinuxException;
import org.krgboot.linux.Poller;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootFileTree;
import org.krgboot.tftp.ReadTransfer.Input;
import org.krgboot.tftp.TftpPacket.ErrorCode;
import org.krgboot.tftp.TftpPacket.ReadRequest;

/**
 * One transfer from its request to its end: makes its socket, opens the file, and hands what the
 * client says to its {@link Delivery}. Everything but {@link #supersede}, {@link #isSilentSince}
 * and {@link #isQuietSince} runs on its loop.
 */
final class TransferHandler implements Loop.Socket, Delivery.Owner {
  /** RFC 2347: the client does not like the options. Boot ROMs also end a tsize probe so. */
  private static final int OPTIONS_NOT_WANTED = 8;

  private final Services services;
  private final Loop loop;
  private final ReadRequest request;
  private final InetSocketAddress client;
  private final Progress progress;
  private final Instant began = Services.now();
  private volatile boolean superseded;
  private volatile @Nullable Instant heardAt;
  private boolean ended;
  private @Nullable TransferSocket socket;
  private @Nullable Delivery delivery;

  /** Who wants to know how a transfer goes on. */
  interface Progress {
    /** The client has answered, or the transfer has ended. Told by any thread, perhaps twice. */
    void settled(InetSocketAddress client);

    /** A transfer had no memory to read into; it will be asked for again. Told by any thread. */
    void crowdedOut();
  }

  TransferHandler(
      Services services,
      Loop loop,
      ReadRequest request,
      InetSocketAddress client,
      Progress progress) {
    this.services = services;
    this.loop = loop;
    this.request = request;
    this.client = client;
    this.progress = progress;
  }

  ReadRequest request() {
    return request;
  }

  InetSocketAddress client() {
    return client;
  }

  /** Whether the client asked before {@code limit} and has not said a word since. */
  boolean isSilentSince(Instant limit) {
    return heardAt == null && began.isBefore(limit);
  }

  /** Whether the client has answered, but has not said a word since {@code limit}. */
  boolean isQuietSince(Instant limit) {
    Instant last = heardAt;
    return last != null && !last.isAfter(limit);
  }

  /** The client has asked anew from the same port: this transfer ends without a word. */
  void supersede() {
    superseded = true;
    var _ = onLoop(this::end);
  }

  /** Answers from the address that was asked. For any thread. */
  void begin(Transport transport, InetAddress asked) {
    if (!onLoop(() -> open(transport, asked))) {
      services.active().remove(this);
    }
  }

  private void open(Transport transport, InetAddress asked) {
    if (superseded || loop.isStopping()) {
      end();
      return;
    }
    try {
      int descriptor = transport.open(asked, client);
      socket = new TransferSocket(loop, descriptor, this, services.counters());
      services.disk().execute(this::openFile);
    } catch (LinuxException e) {
      services.counters().sendErrors.increment();
      services.tellRefused(
          client,
          request.file(),
          BootEvent.Refusal.FAILED,
          "no socket at " + asked.getHostAddress() + " for the answer: " + e.getMessage());
      end();
    } catch (RejectedExecutionException e) {
      end(); // the server is being closed
    }
  }

  /** On a thread that may block. Whatever goes wrong: a client that is not told waits for ever. */
  private void openFile() {
    try {
      switch (services.tree().open(request.file(), Services.address(client))) {
        case BootFileTree.Answer.Refused(BootFileTree.Why why, String message) -> {
          var _ = onLoop(() -> refuse(code(why), message));
        }
        case BootFileTree.Answer.Found(BootFile file) -> {
          BootFile sent = asSent(file);
          if (!onLoop(() -> opened(sent))) {
            sent.close();
          }
        }
      }
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      var _ = onLoop(() -> refuse(ErrorCode.NOT_DEFINED, why));
    } catch (RuntimeException | Error bug) {
      var _ = onLoop(() -> broken(bug));
    }
  }

  private BootFile asSent(BootFile file) throws IOException {
    return switch (request.mode()) {
      case OCTET -> file;
      case NETASCII -> {
        try (file) {
          yield NetasciiFile.of(file, services.textMemory());
        }
      }
    };
  }

  /** False if the loop has ended, since the server is being closed; or cannot be told. */
  private boolean onLoop(Runnable task) {
    try {
      loop.execute(() -> {
        try {
          task.run();
        } catch (RuntimeException | Error bug) {
          broken(bug);
        }
      });
      return true;
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      return false;
    }
  }

  private static ErrorCode code(BootFileTree.Why why) {
    return switch (why) {
      case NOT_FOUND -> ErrorCode.FILE_NOT_FOUND;
      case FORBIDDEN, FENCED -> ErrorCode.ACCESS_VIOLATION;
      case NOTHING_TO_BOOT, FAILED -> ErrorCode.NOT_DEFINED;
    };
  }

  private void opened(BootFile file) {
    try {
      answer(file);
    } finally {
      if (delivery == null) {
        services.disk().execute(file::close);
      }
    }
  }

  private void answer(BootFile file) {
    TransferSocket to = socket;
    if (to == null || ended) {
      return;
    }
    switch (TransferPlan.of(request, file.size(), services.limits())) {
      case TransferPlan.Outcome.Refuse(ErrorCode code, String message) -> refuse(code, message);
      case TransferPlan.Outcome.Start(TransferPlan plan) ->
          ReadMemory.of(plan, services.chunkBytes(), services.readMemory())
              .ifPresentOrElse(
                  memory -> deliver(new Delivery(services, to, file, plan, memory, this)),
                  this::crowdedOut);
    }
  }

  private void deliver(Delivery begun) {
    delivery = begun;
    begun.start();
  }

  private void crowdedOut() {
    services.busy(client, request.file(), "no memory is left to read the file; it has to wait");
    end();
    progress.crowdedOut();
  }

  private void refuse(ErrorCode code, String message) {
    if (!ended) {
      services.counters().refused.increment();
      try {
        services.tellRefused(client, request.file(), code.toldAs(), message);
      } finally {
        if (socket != null) {
          socket.tell(code, message);
        }
        end();
      }
    }
  }

  @Override
  public void failed(IOException why) {
    refuse(ErrorCode.NOT_DEFINED, "cannot read the file: " + why.getMessage());
  }

  @Override
  public void broken(Throwable bug) {
    services.bugs().tell(this, bug);
    try {
      refuse(ErrorCode.NOT_DEFINED, "internal error of the server; see its log");
    } catch (RuntimeException | Error again) {
      services.bugs().tell(this, again);
    } finally {
      end();
    }
  }

  @Override
  public void ready(int events) {
    TransferSocket from = socket;
    if (from != null) {
      try {
        ready(from, events);
      } catch (RuntimeException | Error bug) {
        broken(bug);
      }
    }
  }

  private void ready(TransferSocket from, int events) {
    Delivery now = delivery;
    if (events != Poller.IN && from.hasRoomAgain(events) && now != null) {
      now.goOn();
    }
    ByteBuffer datagram = from.receive();
    if (datagram != null) {
      heard(datagram, now);
    }
  }

  private void heard(ByteBuffer datagram, @Nullable Delivery now) {
    boolean first = heardAt == null;
    heardAt = Services.now();
    if (first) {
      progress.settled(client);
    }
    if (now == null) {
      return; // nothing was sent yet that could be answered
    }
    switch (TftpCodec.decode(datagram)) {
      case TftpPacket.Ack(int block) -> now.acked(block);
      case TftpPacket.Failure(int code, String message) -> clientError(now, code, message);
      case TftpPacket.Malformed _,
          TftpPacket.Data _,
          TftpPacket.OptionAck _,
          TftpPacket.ReadRequest _,
          TftpPacket.WriteRequest _ ->
          services.counters().malformed.increment();
    }
  }

  /**
   * Boot ROMs ask for tsize and end with ERROR 8 or 0, boot loaders look into a file's head and
   * end: both normal. Only another code is worth an event.
   */
  private void clientError(Delivery now, int code, String message) {
    boolean normal = code == OPTIONS_NOT_WANTED || code == ErrorCode.NOT_DEFINED.number;
    if (!normal) {
      services.tellRefused(
          client,
          request.file(),
          BootEvent.Refusal.NODE_ENDED,
          "the node ended it with error " + code + ": " + Services.printable(message));
    }
    now.step(new Input.ClientError());
  }

  @Override
  public void delivered(ReadTransfer.Outcome how) {
    switch (how) {
      case SENT -> {
        if (delivery != null) {
          services.counters().sentFiles.increment();
          services.counters().sentBytes.add(delivery.plan().size());
          services.sink().accept(sent(delivery));
        }
      }
      case STOPPED_BY_CLIENT -> services.counters().stoppedByClient.increment();
      case GIVEN_UP -> {
        services.counters().givenUp.increment();
        services.tellRefused(
            client,
            request.file(),
            BootEvent.Refusal.NODE_SILENT,
            "gave up: the node no longer answers; is it still on?");
      }
    }
    end();
  }

  private BootEvent sent(Delivery now) {
    return new BootEvent.FileSent(
        services.clock().instant(),
        Services.address(client),
        BootEvent.Carrier.TFTP,
        Services.printable(request.file()),
        now.file().role(),
        now.plan().size(),
        Duration.between(began, Services.now()),
        now.resent());
  }

  @Override
  public void end() {
    if (!ended) {
      ended = true;
      services.active().remove(this);
      if (socket != null) {
        socket.close();
      }
      if (delivery != null) {
        delivery.close();
      }
      progress.settled(client);
    }
  }

  @Override
  public String toString() {
    return Services.printable(request.file()) + " to " + client;
  }
}
