/**
 * Boot files by HTTP/1.1 (RFC 9110, 9112), for iPXE, lpxelinux.0, GRUB and UEFI HTTP boot: the same
 * tree as TFTP's. {@code Target} decodes the name, {@code Response.to} decides, {@code
 * RequestHandler} carries it out.
 */
@NullMarked
package org.krgboot.http;

import org.jspecify.annotations.NullMarked;
