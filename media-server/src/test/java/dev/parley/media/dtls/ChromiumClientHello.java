package dev.parley.media.dtls;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The recorded first flight of a browser whose hello does not fit one datagram. */
final class ChromiumClientHello {
  private ChromiumClientHello() {}

  static byte[][] datagrams() throws IOException {
    return new byte[][] {read("chromium-client-hello-1.bin"), read("chromium-client-hello-2.bin")};
  }

  private static byte[] read(String name) throws IOException {
    try (InputStream resource = ChromiumClientHello.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(resource).readAllBytes();
    }
  }
}
