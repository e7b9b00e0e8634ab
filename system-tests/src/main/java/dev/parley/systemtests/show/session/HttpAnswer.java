package dev.parley.systemtests.show.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** An answer as it arrives (RFC 9112), with a length or in chunks. One thread. */
final class HttpAnswer {
  private static final int ROOM_LEAST = 2 << 10;
  private static final String END = "\r\n";

  private byte[] bytes = new byte[8 << 10];
  private ByteBuffer in = ByteBuffer.wrap(bytes);

  /** Where what arrives next goes. */
  ByteBuffer room() {
    if (in.remaining() < ROOM_LEAST) {
      int length = in.position();
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
      in = ByteBuffer.wrap(bytes).position(length);
    }
    return in;
  }

  boolean isWhole() {
    int headLength = headLength();
    if (headLength < 0) {
      return false;
    }
    int length = contentLength(head(headLength));
    return length >= 0
        ? in.position() >= headLength + length
        : text(Math.max(headLength, in.position() - 5), in.position()).endsWith("0\r\n\r\n");
  }

  /** Returns it and makes room for the next one. */
  HttpWire.Reply take() {
    int headLength = headLength();
    String head = head(headLength);
    int status = Integer.parseInt(head.substring(9, 12));
    String body = text(headLength, in.position());
    in.clear();
    return new HttpWire.Reply(status, contentLength(head) >= 0 ? body : joined(body));
  }

  private int headLength() {
    for (int i = 3; i < in.position(); i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private String head(int length) {
    return text(0, length).toLowerCase(Locale.ROOT);
  }

  /** Returns -1 if the body comes in chunks. */
  private static int contentLength(String head) {
    String name = "\r\ncontent-length:";
    int at = head.indexOf(name);
    if (at < 0) {
      return head.contains("\r\ntransfer-encoding:") ? -1 : 0;
    }
    int from = at + name.length();
    return Integer.parseInt(head.substring(from, head.indexOf(END, from)).strip());
  }

  /** What the chunks hold. */
  private static String joined(String chunks) {
    StringBuilder all = new StringBuilder();
    int at = 0;
    while (true) {
      int lineEnd = chunks.indexOf(END, at);
      int length = Integer.parseInt(chunks.substring(at, lineEnd), 16);
      if (length == 0) {
        return all.toString();
      }
      at = lineEnd + END.length();
      all.append(chunks, at, at + length);
      at += length + END.length();
    }
  }

  private String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
