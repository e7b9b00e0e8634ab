package dev.parley.common.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.Key;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MutualTlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  @TempDir static Path folder;
  private static Path store;

  /** Starting keytool takes longer than all the rest. */
  @BeforeAll
  static void makeStore() throws Exception {
    store = newStore("shared", "EC", 256);
  }

  @ParameterizedTest
  @CsvSource({"RSA,2048", "Ed25519,255"})
  void pemFilesOfOtherKindsOfKeyAreRead(String algorithm, int bits) throws Exception {
    PemFiles files = new PemFiles(newStore(algorithm, algorithm, bits));

    MutualTls tls = MutualTls.fromPem(files.certificate, files.key, files.certificate);

    assertThat(tls.context().getProtocol()).isEqualTo("TLSv1.3");
    assertThat(tls.clientParameters().getProtocols()).containsExactly("TLSv1.3");
    assertThat(tls.clientParameters().getEndpointIdentificationAlgorithm()).isEqualTo("HTTPS");
  }

  @Test
  void pkcs12FilesAreReadAndAWrongPasswordIsSaid() throws Exception {
    assertThat(MutualTls.fromPkcs12(store, store, PASSWORD).context()).isNotNull();
    assertThatThrownBy(() -> MutualTls.fromPkcs12(store, store, "wrong".toCharArray()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void whatIsWrongIsSaidWithTheFileAndWithoutItsContent() throws Exception {
    PemFiles files = new PemFiles(store);
    Path secret = Files.writeString(folder.resolve("secret.key"), "hunter2");
    Path halfKey =
        Files.writeString(
            folder.resolve("half.key"),
            "-----BEGIN PRIVATE KEY-----\nhunter2=\n-----END PRIVATE KEY-----\n");

    assertThat(MutualTls.fromPem(files.certificate, files.key, files.certificate)).isNotNull();
    assertThatThrownBy(() -> MutualTls.fromPem(files.certificate, secret, files.certificate))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("secret.key")
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(() -> MutualTls.fromPem(files.certificate, halfKey, files.certificate))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("half.key")
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(() -> MutualTls.fromPem(secret, files.key, files.certificate))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("secret.key");
    assertThatThrownBy(
            () -> MutualTls.fromPem(folder.resolve("none.pem"), files.key, files.certificate))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none.pem");
  }

  @Test
  void filesThatChangeAreReadAgainOnceTheyFitTogether() throws Exception {
    PemFiles files = new PemFiles(store);
    PemFiles next = new PemFiles(newStore("next", "EC", 256));
    AtomicLong nowNs = new AtomicLong();
    MutualTls tls = MutualTls.fromPem(files.certificate, files.key, files.certificate, nowNs::get);
    Instant before = tls.expiresAt();

    // Written one after the other, and looked at in between.
    move(next.certificate, files.certificate);
    nowNs.addAndGet(TlsFiles.LOOK_INTERVAL_NS);
    assertThat(tls.expiresAt()).isEqualTo(before);
    assertThat(tls.renewalFailureCount()).isEqualTo(1);
    nowNs.addAndGet(TlsFiles.LOOK_INTERVAL_NS);
    assertThat(tls.expiresAt()).as("tried once for each change").isEqualTo(before);
    assertThat(tls.renewalFailureCount()).isEqualTo(1);
    move(next.key, files.key);
    assertThat(tls.renewalCount()).as("no look before its time").isZero();
    nowNs.addAndGet(TlsFiles.LOOK_INTERVAL_NS);

    assertThat(tls.expiresAt()).isAfterOrEqualTo(before);
    assertThat(tls.renewalCount()).isEqualTo(1);
    Files.delete(files.key);
    nowNs.addAndGet(TlsFiles.LOOK_INTERVAL_NS);
    assertThat(tls.expiresAt()).isAfterOrEqualTo(before);
    assertThat(tls.renewalFailureCount()).isEqualTo(2);
  }

  @Test
  void keyOfAnotherCertificateIsRefused() throws Exception {
    PemFiles one = new PemFiles(store);
    PemFiles other = new PemFiles(newStore("other", "EC", 256));

    assertThatThrownBy(() -> MutualTls.fromPem(one.certificate, other.key, one.certificate))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("do not fit together");
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path newStore(String name, String algorithm, int bits) throws Exception {
    Path file = folder.resolve(name + ".p12");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            name,
            "-keyalg",
            algorithm,
            bits == 255 ? "-validity" : "-keysize",
            String.valueOf(bits),
            "-dname",
            "CN=" + name,
            "-storetype",
            "PKCS12",
            "-keystore",
            file.toString(),
            "-storepass",
            new String(PASSWORD));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).as(output).isZero();
    return file;
  }

  /** The store's content as PEM files. */
  private static final class PemFiles {
    final Path certificate;
    final Path key;

    PemFiles(Path source) throws Exception {
      KeyStore content = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(source)) {
        content.load(in, PASSWORD);
      }
      String alias = content.aliases().nextElement();
      Key secret = Objects.requireNonNull(content.getKey(alias, PASSWORD));
      certificate = pem("CERTIFICATE", content.getCertificate(alias).getEncoded());
      key = pem("PRIVATE KEY", secret.getEncoded());
    }

    private static Path pem(String label, byte[] content) throws IOException {
      String text =
          "-----BEGIN %s-----%n%s%n-----END %s-----%n"
              .formatted(label, LINES.encodeToString(content), label);
      return Files.writeString(Files.createTempFile(folder, label.replace(' ', '-'), ".pem"), text);
    }
  }
}
