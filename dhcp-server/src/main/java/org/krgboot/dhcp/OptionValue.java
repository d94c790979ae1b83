package org.krgboot.dhcp;

/**
 * An option that the operator has defined, as it goes out.
 *
 * @param code 1 to 254
 */
public record OptionValue(int code, Octets value) {
  public OptionValue {
    if (code <= OptionCode.PAD || code >= OptionCode.END) {
      throw new IllegalArgumentException("an option code is 1 to 254, not " + code);
    }
  }
}
