package org.krgboot.dhcp;

import java.util.List;
import java.util.Set;

/**
 * What boot clients do other than their documents say, each with the place where it is told and,
 * where it is not said otherwise, a real capture in our tests. Each has a test of its name.
 */
enum FirmwareQuirk {
  /** 9 is EFI byte code in the RFC's table; x86-64 UEFI of some makers says it of itself. */
  X64_CALLED_BYTE_CODE("RFC 4578 erratum 2130; iPXE commit af9afd0. Not met by us."),

  /** Option 77 is a bare "iPXE", where RFC 3004 wants a length before each class. */
  USER_CLASS_WITHOUT_LENGTH("iPXE, src/net/udp/dhcp.c; met: QEMU's ROM"),

  /** Option 175 is sent and user class iPXE is not: an iPXE all the same. */
  FLEXBOOT_WITHOUT_USER_CLASS("warewulf/warewulf3#104. Not met by us."),

  /** No option 97 though RFC 4578 section 2.3 wants it; an answer is expected nevertheless. */
  MACHINE_NOT_NAMED("danderson/pixiecore#21. Not met by us."),

  /** No option 93, but the number stands in the text of option 60, as PXE 2.1 has it in both. */
  ARCHITECTURE_ONLY_IN_CLASS("PXE specification 2.1, table 2-1, against ROMs. Not met by us."),

  /** The text of option 60 says another number than option 93, which is right. */
  ARCHITECTURE_WRONG_IN_CLASS("ipxe/ipxe#1527. Not met by us."),

  /** An ARM board that says it is a PC with BIOS, and boots only by a menu item of its name. */
  RASPBERRY_PI_SAYS_BIOS(
      "raspberrypi/rpi-eeprom#182, raspberrypi/documentation#1686. Not met by us."),

  /** iPXE waits two seconds for ProxyDHCP unless option 175.176 says that there is none. */
  IPXE_AWAITS_PROXY("iPXE, src/net/udp/dhcp.c; met: QEMU's ROM"),

  /** klibc's client in an initramfs takes all of option 17 for the path. */
  ROOT_PATH_WITHOUT_OPTIONS("klibc 2.0.12, usr/kinit/ipconfig; met");

  /** IEEE's registry: first halves of the addresses of Raspberry Pi's. */
  private static final Set<Long> RASPBERRY_PI =
      Set.of(0xb827ebL, 0xdca632L, 0xe45f01L, 0xd83addL, 0x2ccf67L, 0x28cdc1L);

  private final String source;

  FirmwareQuirk(String source) {
    this.source = source;
  }

  /** Where it is told of, and whether we have met it. */
  String source() {
    return source;
  }

  /** Whether the client that sent this does so. */
  boolean shows(DhcpRequest request) {
    return switch (this) {
      case X64_CALLED_BYTE_CODE -> request.architectures().contains(9);
      case USER_CLASS_WITHOUT_LENGTH ->
          !request.userClasses().isEmpty() && !startsWithLength(request);
      case FLEXBOOT_WITHOUT_USER_CLASS ->
          request.options().has(OptionCode.IPXE) && !request.userClasses().contains("iPXE");
      case MACHINE_NOT_NAMED ->
          request.isFirmware() && !request.options().has(OptionCode.CLIENT_MACHINE);
      case ARCHITECTURE_ONLY_IN_CLASS ->
          !request.options().has(OptionCode.CLIENT_ARCHITECTURE)
              && !request.architectures().isEmpty();
      case ARCHITECTURE_WRONG_IN_CLASS -> contradictsItself(request);
      case RASPBERRY_PI_SAYS_BIOS ->
          request.vendorClass().startsWith("PXEClient:Arch:00000:UNDI:002001")
              && RASPBERRY_PI.contains(request.mac().bits() >>> 24);
      case IPXE_AWAITS_PROXY -> request.isIpxe();
      case ROOT_PATH_WITHOUT_OPTIONS -> request.isLinuxIpconfig();
    };
  }

  private static boolean startsWithLength(DhcpRequest request) {
    List<String> classes = request.userClasses();
    return classes.getFirst().length() != request.options().bytes(OptionCode.USER_CLASS).length;
  }

  private static boolean contradictsItself(DhcpRequest request) {
    return request.options().has(OptionCode.CLIENT_ARCHITECTURE)
        && request.vendorClass().contains(":Arch:")
        && request.architectures().stream()
            .noneMatch(n -> request.vendorClass().contains(":Arch:%05d".formatted(n)));
  }
}
