package org.krgboot.daemon;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.krgboot.settings.StatusConfig;

/** Certificate and key as Java wants them, from PEM files (RFC 7468). */
final class PemKeyStore {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  private PemKeyStore() {}

  /**
   * With no password, since it never leaves memory.
   *
   * @throws IOException if they cannot be used; the message names them
   */
  static KeyStore of(StatusConfig.Tls tls) throws IOException {
    try {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(tls.certificate())))
              .toArray(Certificate[]::new);
      String pem = Files.readString(tls.key(), StandardCharsets.US_ASCII);
      int begin = pem.indexOf(BEGIN);
      int end = pem.indexOf(END);
      if (chain.length == 0 || begin < 0 || end < begin) {
        throw new GeneralSecurityException("no certificate, or no PKCS #8 key without a password");
      }
      byte[] der = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
      PrivateKey key =
          KeyFactory.getInstance(chain[0].getPublicKey().getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(der));
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, new char[0]);
      store.setKeyEntry("status", key, new char[0], chain);
      return store;
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          "status: certificate "
              + tls.certificate()
              + " with key "
              + tls.key()
              + " cannot be used: "
              + e.getMessage()
              + " (both are PEM files, the key is PKCS #8)",
          e);
    }
  }
}
