package org.krgboot.images;

import java.io.IOException;

/** Something was not done. The message says why and what to do; nothing has changed. */
public final class ImageException extends IOException {
  private static final long serialVersionUID = 1;

  ImageException(String message) {
    super(message);
  }

  ImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
