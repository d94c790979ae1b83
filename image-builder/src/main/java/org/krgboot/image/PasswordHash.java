package org.krgboot.image;

import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.krgboot.steps.Sha256;

/** Passwords as shadow(5) keeps them. */
final class PasswordHash {
  private PasswordHash() {}

  /**
   * SHA-512 crypt, which every Linux reads. The salt is made from the recipe's name: the same
   * recipe gives the same root, and other recipes other hashes. It says nothing of the password,
   * since anybody who may read the hash reads it.
   */
  static String of(String password, String recipe) {
    String salt = Sha256.of("salt " + recipe).substring(0, 16);
    return Sha2Crypt.sha512Crypt(password.getBytes(StandardCharsets.UTF_8), "$6$" + salt);
  }
}
