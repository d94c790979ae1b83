package org.krgboot.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.krgboot.model.BootEvent;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.Ipv4;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: takes requests one after the other, asks the tree, sends what {@link Response}
 * decided. Runs on the channel's loop, but for the tree.
 */
final class RequestHandler extends SimpleChannelInboundHandler<HttpObject> {
  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

  /** How the octets of real files leave. */
  enum Way {
    SENDFILE,
    THROUGH_MEMORY
  }

  /** Requests that a client may send ahead of our answers; no boot client sends one. */
  private static final int MOST_WAITING = 16;

  /** A request of ours has no body; one that is longer than this is not read to its end. */
  private static final int LONGEST_BODY = 64 << 10;

  private final Services services;
  private final Way way;
  private final ArrayDeque<HttpRequest> waiting = new ArrayDeque<>();
  private boolean busy;
  private int body;
  private @Nullable ScheduledFuture<?> patience;

  RequestHandler(Services services, Way way) {
    this.services = services;
    this.way = way;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    expectRequest(ctx);
  }

  /** Octets that trickle in keep a connection from being idle, but not for longer than this. */
  private void expectRequest(ChannelHandlerContext ctx) {
    long millis = services.config().limits().idle().toMillis();
    patience = ctx.executor().schedule(() -> closeIdle(ctx), millis, TimeUnit.MILLISECONDS);
  }

  private void closeIdle(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      services.counters().idleClosed.increment();
      end(ctx);
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
    if (message.decoderResult().isFailure()) {
      malformed(ctx, message.decoderResult().cause());
      return;
    }
    if (message instanceof HttpRequest request) {
      body = 0;
      waiting.add(request);
      if (waiting.size() > MOST_WAITING) {
        services.counters().malformed.increment();
        end(ctx);
        return;
      }
      next(ctx);
    } else if (message instanceof HttpContent content) {
      body += content.content().readableBytes();
      if (body > LONGEST_BODY) {
        services.counters().malformed.increment();
        end(ctx);
      }
    }
  }

  private void malformed(ChannelHandlerContext ctx, Throwable cause) {
    services.counters().malformed.increment();
    HttpResponseStatus status =
        switch (cause) {
          case TooLongHttpLineException _ -> HttpResponseStatus.REQUEST_URI_TOO_LONG;
          case TooLongHttpHeaderException _ -> HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
          default -> HttpResponseStatus.BAD_REQUEST;
        };
    if (busy) {
      end(ctx); // an answer is being sent; another cannot be put into it
      return;
    }
    busy = true;
    ctx.writeAndFlush(text(status, "this is no HTTP request that a boot file can answer"))
        .addListener(ChannelFutureListener.CLOSE);
  }

  private void next(ChannelHandlerContext ctx) {
    if (busy) {
      return;
    }
    HttpRequest request = waiting.poll();
    // What is not read waits in the kernel: a client cannot fill our memory with requests.
    ctx.channel().config().setAutoRead(request == null);
    if (request == null) {
      return;
    }
    busy = true;
    if (patience != null) {
      patience.cancel(false);
    }
    Exchange exchange = new Exchange(ctx, request);
    services.counters().requests.increment();
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      exchange.refuse(HttpResponseStatus.METHOD_NOT_ALLOWED, "this server only sends files");
      return;
    }
    switch (Target.of(request.uri())) {
      case Target.Malformed(String why) -> {
        services.counters().malformed.increment();
        exchange.refuse(HttpResponseStatus.BAD_REQUEST, why);
      }
      case Target.Named(String name) -> {
        try {
          services.disk().execute(() -> exchange.open(name));
        } catch (RejectedExecutionException e) {
          end(ctx); // the server is being closed
        }
      }
    }
  }

  /** One request and its answer. */
  private final class Exchange {
    private final ChannelHandlerContext ctx;
    private final HttpRequest request;
    private final Ipv4 client;
    private final boolean keepAlive;
    private final boolean head;
    private final long began = System.nanoTime();

    Exchange(ChannelHandlerContext ctx, HttpRequest request) {
      this.ctx = ctx;
      this.request = request;
      this.client = Services.address((InetSocketAddress) ctx.channel().remoteAddress());
      this.keepAlive = HttpUtil.isKeepAlive(request);
      this.head = request.method().equals(HttpMethod.HEAD);
    }

    /** On a thread that may block. */
    void open(String name) {
      switch (ask(name)) {
        case BootFileTree.Answer.Refused(BootFileTree.Why why, String message) ->
            onLoop(() -> {
              services.counters().refused.increment();
              services.tellRefused(client, name, why.toldAs(), message);
              refuse(status(why), message);
            });
        case BootFileTree.Answer.Found(BootFile file) -> {
          if (!onLoop(() -> answer(name, file))) {
            file.close();
          }
        }
      }
    }

    private BootFileTree.Answer ask(String name) {
      try {
        return services.tree().open(name, client);
      } catch (RuntimeException bug) {
        LOG.error("http: opening {}", Services.printable(name), bug);
        return new BootFileTree.Answer.Refused(
            BootFileTree.Why.FAILED, "internal error of the server; see its log");
      }
    }

    private boolean onLoop(Runnable task) {
      try {
        ctx.executor().execute(task);
        return true;
      } catch (RejectedExecutionException e) {
        return false; // the server is being closed
      }
    }

    void refuse(HttpResponseStatus status, String message) {
      FullHttpResponse answer = text(status, message);
      if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
        answer.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
      }
      common(answer);
      if (head) {
        answer = answer.replace(Unpooled.EMPTY_BUFFER);
      }
      ctx.writeAndFlush(answer).addListener(done -> finished(done.isSuccess()));
    }

    private void answer(String name, BootFile file) {
      if (!ctx.channel().isActive()) {
        file.close();
        return;
      }
      Response.Facts facts = Headers.facts(file);
      Response decided = Response.to(Headers.wishes(request), facts);
      HttpResponse response =
          new DefaultHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(decided.status()));
      Headers.describe(response.headers(), name, facts, decided);
      common(response);
      write(response);
      boolean sends = !head && decided.length() > 0;
      if (sends) {
        write(content(file, decided));
      }
      ChannelFuture last = ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
      last.addListener(done -> {
        tell(name, file, decided, done.isSuccess());
        file.close();
        finished(done.isSuccess());
      });
    }

    private void write(Object part) {
      ctx.write(part).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    private Object content(BootFile file, Response decided) {
      return way == Way.SENDFILE && file.channel().isPresent()
          ? new DefaultFileRegion(file.channel().get(), decided.first(), decided.length())
          : new FileChunks(file, decided.first(), decided.length());
    }

    private void common(HttpResponse response) {
      Headers.common(response, services.clock().instant(), keepAlive);
    }

    /** What a whole file, or its last part, tells of the node's boot. */
    private void tell(String name, BootFile file, Response decided, boolean sent) {
      if (decided.status() == HttpResponseStatus.NOT_MODIFIED.code()) {
        services.counters().notModified.increment();
      }
      if (head || decided.status() >= 300) {
        return;
      }
      if (!sent) {
        services.counters().brokenOff.increment();
        services.tellRefused(
            client,
            name,
            BootEvent.Refusal.NODE_ENDED,
            "the node closed the connection before the end");
        return;
      }
      services.counters().sentBytes.add(decided.length());
      if (decided.first() + decided.length() < file.size()) {
        services.counters().sentParts.increment();
        return;
      }
      services.counters().sentFiles.increment();
      services
          .sink()
          .accept(
              new BootEvent.FileSent(
                  services.clock().instant(),
                  client,
                  BootEvent.Carrier.HTTP,
                  Services.printable(name),
                  file.role(),
                  decided.length(),
                  Duration.ofNanos(System.nanoTime() - began),
                  0));
    }

    private void finished(boolean sent) {
      if (!sent || !keepAlive) {
        end(ctx);
        return;
      }
      busy = false;
      expectRequest(ctx);
      next(ctx);
    }
  }

  private static void end(ChannelHandlerContext ctx) {
    ctx.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
  }

  private static FullHttpResponse text(HttpResponseStatus status, String message) {
    FullHttpResponse answer =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            status,
            Unpooled.copiedBuffer("krgboot: " + message + "\n", StandardCharsets.UTF_8));
    answer.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.content().readableBytes());
    return answer;
  }

  private static HttpResponseStatus status(BootFileTree.Why why) {
    return switch (why) {
      case NOT_FOUND -> HttpResponseStatus.NOT_FOUND;
      case FORBIDDEN, FENCED -> HttpResponseStatus.FORBIDDEN;
      case NOTHING_TO_BOOT, FAILED -> HttpResponseStatus.SERVICE_UNAVAILABLE;
    };
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof IdleStateEvent) {
      closeIdle(ctx);
    } else if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
      services.counters().tlsFailed.increment();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (patience != null) {
      patience.cancel(false);
    }
    waiting.clear();
  }

  /** A client that went away, a failed handshake, or a bug: this connection ends, no other. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    boolean strangers =
        cause instanceof IOException
            || Optional.ofNullable(cause.getCause())
                .filter(IOException.class::isInstance)
                .isPresent();
    if (!strangers) {
      LOG.error("http: {}", ctx.channel().remoteAddress(), cause);
    }
    end(ctx);
  }
}
