/**
 * NFSv3 (RFC 1813), MOUNT v1 and v3 and portmap v2 (RFC 1833) over ONC RPC (RFC 5531), for a root
 * file system that nodes live on.
 *
 * <p>A call goes: bytes, {@code RpcMessage.decode}, {@code Dispatcher}, the program ({@code
 * NfsProgram}, {@code MountProgram}, {@code PortmapProgram}), which decodes the arguments, asks
 * {@code ExportPolicy}, acts through the kernel with the caller's credentials, and encodes in
 * place.
 */
@NullMarked
package org.krgboot.nfs;

import org.jspecify.annotations.NullMarked;
