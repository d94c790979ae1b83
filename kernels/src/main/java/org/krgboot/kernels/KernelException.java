package org.krgboot.kernels;

import java.io.IOException;

/** Something was not done. The message says why and what to do; nothing has changed. */
public final class KernelException extends IOException {
  private static final long serialVersionUID = 1;

  KernelException(String message) {
    super(message);
  }

  KernelException(String message, Throwable cause) {
    super(message, cause);
  }
}
