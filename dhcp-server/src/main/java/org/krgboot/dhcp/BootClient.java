package org.krgboot.dhcp;

import java.util.List;
import java.util.Optional;

/**
 * Who wants a boot file, as far as it matters for which one.
 *
 * @param architecture empty if it is one that we know no boot file for
 */
record BootClient(Program program, Optional<Architecture> architecture) {
  /** What the client is. */
  enum Program {
    /** A PXE ROM, or anything that does not say what it is: it fetches by TFTP. */
    PXE,
    /** UEFI that fetches by HTTP, and takes offers from a boot server for HTTP only. */
    HTTP_BOOT,
    /** iPXE, which fetches by TFTP and HTTP and runs scripts. */
    IPXE,
    /** iPXE that was built without HTTP. */
    IPXE_WITHOUT_HTTP
  }

  static final String PXE_CLASS = "PXEClient";
  static final String HTTP_CLASS = "HTTPClient";

  /** Feature of option 175 that says that iPXE has HTTP (its ipxe/features.h). */
  private static final int FEATURE_HTTP = 0x13;

  /** The client that the request tells of; the same for each message of a boot. */
  static BootClient of(DhcpRequest request) {
    List<Integer> numbers = request.architectures();
    Optional<Architecture> known =
        numbers.stream().map(Architecture::of).flatMap(Optional::stream).findFirst();
    return new BootClient(
        program(request, numbers), numbers.isEmpty() ? Optional.of(Architecture.BIOS) : known);
  }

  private static Program program(DhcpRequest request, List<Integer> numbers) {
    if (request.isIpxe()) {
      DhcpOptions features = request.options().within(OptionCode.IPXE);
      return features.codes().isEmpty() || features.has(FEATURE_HTTP)
          ? Program.IPXE
          : Program.IPXE_WITHOUT_HTTP;
    }
    return request.vendorClass().startsWith(HTTP_CLASS)
            || numbers.stream().anyMatch(Architecture::isByHttp)
        ? Program.HTTP_BOOT
        : Program.PXE;
  }
}
