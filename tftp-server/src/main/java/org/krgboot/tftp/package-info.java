/**
 * TFTP reads, RFC 1350 with the options of RFC 2347, 2348, 2349 and 7440. A datagram is decoded by
 * {@code TftpCodec}, the request becomes a {@code TransferPlan}, each further packet or timer is
 * one {@code ReadTransfer.step}, and {@code TransferHandler} carries out what that says.
 */
@NullMarked
package org.krgboot.tftp;

import org.jspecify.annotations.NullMarked;
