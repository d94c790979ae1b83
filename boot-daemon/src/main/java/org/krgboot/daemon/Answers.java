package org.krgboot.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Sends whole answers. */
final class Answers {
  private Answers() {}

  static void json(Response response, Callback callback, int status, Object body) {
    try {
      text(
          response,
          callback,
          status,
          "application/json",
          EventJson.MAPPER.writeValueAsString(body));
    } catch (JsonProcessingException e) {
      throw new AssertionError("every answer has a JSON form", e);
    }
  }

  static void text(Response response, Callback callback, int status, String type, String body) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
  }
}
