package org.krgboot.dhcp;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What boot clients do other than their documents say, each with the place where it is told and,
 * where it is not said otherwise, a real capture in our tests. Each has a test of its name.
 */
enum FirmwareQuirk {
  /** 9 is EFI byte code in the RFC's table; x86-64 UEFI of some makers says it of itself. */
  X64_CALLED_BYTE_CODE(
      "RFC 4578 erratum 2130; iPXE commit af9afd0. Not met by us.",
      request -> request.architectures().contains(9)),

  /** Option 77 is a bare "iPXE", where RFC 3004 wants a length before each class. */
  USER_CLASS_WITHOUT_LENGTH(
      "iPXE, src/net/udp/dhcp.c; met: QEMU's ROM",
      request -> !request.userClasses().isEmpty() && !startsWithLength(request)),

  /** Option 175 is sent and user class iPXE is not: an iPXE all the same. */
  FLEXBOOT_WITHOUT_USER_CLASS(
      "warewulf/warewulf3#104. Not met by us.",
      request ->
          request.options().has(OptionCode.IPXE) && !request.userClasses().contains("iPXE")),

  /** No option 97 though RFC 4578 section 2.3 wants it; an answer is expected nevertheless. */
  MACHINE_NOT_NAMED(
      "danderson/pixiecore#21. Not met by us.",
      request -> request.isFirmware() && !request.options().has(OptionCode.CLIENT_MACHINE)),

  /** No option 93, but the number stands in the text of option 60. */
  ARCHITECTURE_ONLY_IN_CLASS(
      "dnsmasq's src/rfc2131.c wants option 93 alone; the PXE specification 2.1 has both."
          + " Not met by us.",
      request ->
          !request.options().has(OptionCode.CLIENT_ARCHITECTURE)
              && !request.architectures().isEmpty()),

  /** The text of option 60 says another number than option 93, which is right. */
  ARCHITECTURE_WRONG_IN_CLASS(
      "ipxe/ipxe#1527. Not met by us.",
      request ->
          request.options().has(OptionCode.CLIENT_ARCHITECTURE)
              && request.architectures().stream()
                  .noneMatch(n -> request.vendorClass().contains(":Arch:%05d".formatted(n)))
              && request.vendorClass().contains(":Arch:")),

  /** An ARM board that says it is a PC with BIOS, and boots only by a menu item of its name. */
  RASPBERRY_PI_SAYS_BIOS(
      "raspberrypi/rpi-eeprom#182, raspberrypi/documentation#1686. Not met by us.",
      request ->
          request.vendorClass().startsWith("PXEClient:Arch:00000:UNDI:002001")
              && Makers.RASPBERRY_PI.contains(request.mac().bits() >>> 24)),

  /** iPXE waits two seconds for ProxyDHCP unless option 175.176 says that there is none. */
  IPXE_AWAITS_PROXY("iPXE, src/net/udp/dhcp.c; met: QEMU's ROM", DhcpRequest::isIpxe),

  /** klibc's client in an initramfs takes all of option 17 for the path. */
  ROOT_PATH_WITHOUT_OPTIONS(
      "klibc 2.0.12, usr/kinit/ipconfig; met", DhcpRequest::isLinuxIpconfig);

  /** First halves of the addresses of known makers. */
  private static final class Makers {
    /** IEEE's registry. */
    static final Set<Long> RASPBERRY_PI =
        Set.of(0xb827ebL, 0xdca632L, 0xe45f01L, 0xd83addL, 0x2ccf67L, 0x28cdc1L);
  }

  private final String source;
  private final Predicate<DhcpRequest> sign;

  FirmwareQuirk(String source, Predicate<DhcpRequest> sign) {
    this.source = source;
    this.sign = sign;
  }

  /** Where it is told of, and whether we have met it. */
  String source() {
    return source;
  }

  /** Whether the client that sent this does so. */
  boolean shows(DhcpRequest request) {
    return sign.test(request);
  }

  private static boolean startsWithLength(DhcpRequest request) {
    List<String> classes = request.userClasses();
    return classes.getFirst().length() != request.options().bytes(OptionCode.USER_CLASS).length;
  }
}
