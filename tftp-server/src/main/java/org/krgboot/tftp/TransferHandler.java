package org.krgboot.tftp;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootFileTree;
import org.krgboot.tftp.ReadTransfer.Effect;
import org.krgboot.tftp.ReadTransfer.Input;
import org.krgboot.tftp.TftpPacket.ErrorCode;
import org.krgboot.tftp.TftpPacket.ReadRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transfer's socket: opens the file, feeds packets and time to {@link ReadTransfer}, and does
 * what it says. The socket is connected to the client, so the kernel looks up the way only once,
 * and refuses strangers' packets itself. Everything but {@link #supersede} and {@link
 * #isSilentSince} runs on the channel's loop.
 */
final class TransferHandler extends SimpleChannelInboundHandler<DatagramPacket> {
  private static final Logger LOG = LoggerFactory.getLogger(TransferHandler.class);

  /** RFC 2347: the client does not like the options. Boot ROMs also end a tsize probe so. */
  private static final int OPTIONS_NOT_WANTED = 8;

  private final Services services;
  private final ReadRequest request;
  private final InetSocketAddress client;
  private final WindowSender sender;
  private final Progress progress;
  private final Instant began = Services.now();
  private volatile @Nullable ChannelHandlerContext supersedable;
  private volatile boolean superseded;
  private volatile boolean answered;
  private @Nullable Running running;
  private @Nullable ScheduledFuture<?> timer;
  private Instant timerAt = Instant.MAX;

  /** What there is once the file is open. */
  private static final class Running {
    final BootFile file;
    final TransferPlan plan;
    final ReadAhead ahead;
    ReadTransfer state;
    Effect.@Nullable SendBlocks waitingForDisk;
    long resent;

    Running(BootFile file, TransferPlan plan, ReadAhead ahead, ReadTransfer state) {
      this.file = file;
      this.plan = plan;
      this.ahead = ahead;
      this.state = state;
    }
  }

  /** Who wants to know how a transfer goes on. */
  interface Progress {
    /** The client has answered, or the transfer has ended. Told by any thread, perhaps twice. */
    void settled(InetSocketAddress client);
  }

  TransferHandler(
      Services services,
      ReadRequest request,
      InetSocketAddress client,
      WindowSender.Sending sending,
      Progress progress) {
    this.services = services;
    this.request = request;
    this.client = client;
    this.sender = new WindowSender(client, services.counters(), sending);
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
    return !answered && began.isBefore(limit);
  }

  /** The client asked for something else from the same port: this transfer ends without a word. */
  void supersede() {
    superseded = true;
    ChannelHandlerContext ctx = supersedable;
    if (ctx != null) {
      end(ctx);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    supersedable = ctx;
    if (superseded) {
      end(ctx);
      return;
    }
    try {
      services.disk().execute(() -> open(ctx));
    } catch (RejectedExecutionException e) {
      end(ctx); // the server is being closed
    }
  }

  /** On a thread that may block. */
  private void open(ChannelHandlerContext ctx) {
    switch (ask()) {
      case BootFileTree.Answer.Refused(BootFileTree.Why why, String message) ->
          onLoop(ctx, () -> refuse(ctx, code(why), message));
      case BootFileTree.Answer.Found(BootFile file) -> {
        try {
          BootFile sent = asSent(file);
          if (!onLoop(ctx, () -> opened(ctx, sent))) {
            sent.close();
          }
        } catch (IOException e) {
          String why = String.valueOf(e.getMessage());
          onLoop(ctx, () -> refuse(ctx, ErrorCode.NOT_DEFINED, why));
        }
      }
    }
  }

  private BootFileTree.Answer ask() {
    try {
      return services.tree().open(request.file(), Services.address(client));
    } catch (RuntimeException bug) {
      LOG.error("tftp: opening {}", Services.printable(request.file()), bug);
      return new BootFileTree.Answer.Refused(
          BootFileTree.Why.FAILED, "internal error of the server; see its log");
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

  private static boolean onLoop(ChannelHandlerContext ctx, Runnable task) {
    try {
      ctx.executor().execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false; // the server is being closed
    }
  }

  private static ErrorCode code(BootFileTree.Why why) {
    return switch (why) {
      case NOT_FOUND -> ErrorCode.FILE_NOT_FOUND;
      case FORBIDDEN, FENCED -> ErrorCode.ACCESS_VIOLATION;
      case FAILED -> ErrorCode.NOT_DEFINED;
    };
  }

  private void opened(ChannelHandlerContext ctx, BootFile file) {
    if (!ctx.channel().isOpen()) {
      services.disk().execute(file::close);
      return;
    }
    switch (TransferPlan.of(request, file.size(), services.limits())) {
      case TransferPlan.Outcome.Refuse(ErrorCode code, String message) -> {
        services.disk().execute(file::close);
        refuse(ctx, code, message);
      }
      case TransferPlan.Outcome.Start(TransferPlan plan) -> {
        ReadAhead ahead =
            new ReadAhead(
                file,
                plan,
                new ReadAhead.Threads(services.disk(), ctx.executor()),
                new ReadAhead.Memory(ctx.alloc(), services.chunkBytes()),
                new ReadAhead.Listener() {
                  @Override
                  public void loaded() {
                    sendLate(ctx);
                  }

                  @Override
                  public void failed(IOException why) {
                    refuse(ctx, ErrorCode.NOT_DEFINED, "cannot read the file: " + why.getMessage());
                  }
                });
        ReadTransfer.Step step = ReadTransfer.start(plan, Services.now());
        running = new Running(file, plan, ahead, step.next());
        perform(ctx, running, step);
      }
    }
  }

  private void refuse(ChannelHandlerContext ctx, ErrorCode code, String message) {
    services.counters().refused.increment();
    services.tellRefused(client, request.file(), code.toldAs(), message);
    ctx.writeAndFlush(TftpCodec.encode(code, message, ctx.alloc()))
        .addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket datagram) {
    if (!answered) {
      answered = true;
      progress.settled(client);
    }
    Running now = running;
    if (now == null) {
      return; // nothing was sent yet that could be answered
    }
    switch (TftpCodec.decode(datagram.content())) {
      case TftpPacket.Ack(int block) -> step(ctx, now, new Input.Acked(block));
      case TftpPacket.Failure(int code, String message) -> clientError(ctx, now, code, message);
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
  private void clientError(ChannelHandlerContext ctx, Running now, int code, String message) {
    boolean normal = code == OPTIONS_NOT_WANTED || code == ErrorCode.NOT_DEFINED.number;
    if (!normal) {
      services.tellRefused(
          client,
          request.file(),
          BootEvent.Refusal.NODE_ENDED,
          "the node ended it with error " + code + ": " + Services.printable(message));
    }
    step(ctx, now, new Input.ClientError());
  }

  private void step(ChannelHandlerContext ctx, Running now, Input input) {
    if (!(now.state instanceof ReadTransfer.Done)) {
      perform(ctx, now, ReadTransfer.step(now.state, input, Services.now()));
    }
  }

  private void perform(ChannelHandlerContext ctx, Running now, ReadTransfer.Step step) {
    now.state = step.next();
    for (Effect effect : step.effects()) {
      switch (effect) {
        case Effect.SendOptionAck() -> sendOptionAck(ctx, now);
        case Effect.SendBlocks blocks -> send(ctx, now, blocks);
      }
    }
    switch (now.state) {
      case ReadTransfer.AwaitingOptionAck waiting -> arm(ctx, now, waiting.pace().deadline());
      case ReadTransfer.AwaitingAck waiting -> arm(ctx, now, waiting.pace().deadline());
      case ReadTransfer.Done(ReadTransfer.Outcome how) -> finish(ctx, now, how);
    }
  }

  private void sendOptionAck(ChannelHandlerContext ctx, Running now) {
    TftpPacket.OptionAck answer = new TftpPacket.OptionAck(now.plan.granted());
    ctx.writeAndFlush(TftpCodec.encode(answer, ctx.alloc()))
        .addListener(services.counters().failedSends());
  }

  private void send(ChannelHandlerContext ctx, Running now, Effect.SendBlocks blocks) {
    long unacknowledged =
        now.state instanceof ReadTransfer.AwaitingAck waiting ? waiting.acked() + 1 : 1;
    long first = Math.max(blocks.first(), unacknowledged); // an ACK may have come meanwhile
    if (now.ahead.provide(unacknowledged, first, blocks.last())) {
      now.waitingForDisk = null;
      now.resent += blocks.again();
      services.counters().resent.add(blocks.again());
      sender.send(ctx, now.plan, now.ahead, first, blocks.last());
    } else {
      now.waitingForDisk = blocks;
    }
  }

  private void sendLate(ChannelHandlerContext ctx) {
    Running now = running;
    if (now != null && now.waitingForDisk != null) {
      send(ctx, now, now.waitingForDisk);
      if (now.waitingForDisk == null) {
        step(ctx, now, new Input.SentLate());
      }
    }
  }

  /** Keeps one timer, not later than the deadline; early ones find nothing to do and go on. */
  private void arm(ChannelHandlerContext ctx, Running now, Instant deadline) {
    if (timer != null && !deadline.isBefore(timerAt)) {
      return;
    }
    if (timer != null) {
      timer.cancel(false);
    }
    timerAt = deadline;
    long nanos = Math.max(0, Duration.between(Services.now(), deadline).toNanos());
    timer =
        ctx.executor()
            .schedule(
                () -> {
                  timer = null;
                  onTimer(ctx, now);
                },
                nanos,
                TimeUnit.NANOSECONDS);
  }

  private void onTimer(ChannelHandlerContext ctx, Running now) {
    if (now.waitingForDisk != null) {
      // Our own delay, not the client's: once the blocks leave, the deadline is set anew.
      return;
    }
    step(ctx, now, new Input.TimePassed());
  }

  private void finish(ChannelHandlerContext ctx, Running now, ReadTransfer.Outcome how) {
    switch (how) {
      case SENT -> {
        services.counters().sentFiles.increment();
        services.counters().sentBytes.add(now.plan.size());
        services.sink().accept(sent(now));
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
    end(ctx);
  }

  private BootEvent sent(Running now) {
    return new BootEvent.FileSent(
        services.clock().instant(),
        Services.address(client),
        BootEvent.Carrier.TFTP,
        Services.printable(request.file()),
        now.file.role(),
        now.plan.size(),
        Duration.between(began, Services.now()),
        now.resent);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    services.active().remove(client, this);
    progress.settled(client);
    if (timer != null) {
      timer.cancel(false);
    }
    if (running != null) {
      running.ahead.close();
    }
  }

  /** A bug, or the kernel refused a packet: this transfer ends, the others do not notice. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      services.counters().sendErrors.increment(); // an ICMP error; silence decides
      return;
    }
    LOG.error("tftp: {} to {}", Services.printable(request.file()), client, cause);
    end(ctx);
  }

  private static void end(ChannelHandlerContext ctx) {
    ctx.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
  }
}
