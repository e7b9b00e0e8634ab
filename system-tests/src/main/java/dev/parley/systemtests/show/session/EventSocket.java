package dev.parley.systemtests.show.session;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One events socket (RFC 6455) that costs its machine little: it says hello, answers pings, and
 * looks for a word in what comes. One thread.
 */
final class EventSocket {
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final int SHORT_MAX = 125;
  private static final String WELCOME = "\"welcome\"";
  private static final String HEAD_END = "\r\n\r\n";

  private final SocketChannel channel;
  private byte[] kept = {};
  private boolean isUpgraded;
  private boolean isWelcome;
  private boolean hasEnded;
  private String word = "";
  private long seenNs;

  EventSocket(SocketChannel channel, String host, String path) throws IOException {
    this.channel = channel;
    String request =
        "GET "
            + path
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    write(request.getBytes(StandardCharsets.ISO_8859_1));
  }

  boolean isWelcome() {
    return isWelcome;
  }

  boolean hasEnded() {
    return hasEnded;
  }

  /** Begins to look for a word; an empty one is looked for no more. */
  void watchFor(String wanted) {
    word = wanted;
    seenNs = 0;
  }

  boolean isWatching() {
    return !word.isEmpty();
  }

  /** When the word came, by {@link System#nanoTime()}; 0 if it has not. */
  long seenNs() {
    return seenNs;
  }

  /** Reads what is there. */
  void read(ByteBuffer buffer) throws IOException {
    buffer.clear();
    int length = channel.read(buffer);
    long nowNs = System.nanoTime();
    if (length < 0) {
      hasEnded = true;
      channel.close();
      return;
    }
    buffer.flip();
    byte[] all = new byte[kept.length + buffer.remaining()];
    System.arraycopy(kept, 0, all, 0, kept.length);
    buffer.get(all, kept.length, buffer.remaining());
    int used = isUpgraded ? 0 : head(all);
    for (int next = isUpgraded ? frame(all, used, nowNs) : 0; next > 0; ) {
      used = next;
      next = frame(all, used, nowNs);
    }
    kept = Arrays.copyOfRange(all, used, all.length);
  }

  private int head(byte[] bytes) throws IOException {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf(HEAD_END);
    if (end < 0) {
      return 0;
    }
    if (!text.startsWith("HTTP/1.1 101")) {
      throw new IOException("no WebSocket: " + text.substring(0, end));
    }
    isUpgraded = true;
    send(TEXT, "{\"type\":\"hello\"}".getBytes(StandardCharsets.UTF_8));
    return end + HEAD_END.length();
  }

  /** Returns where the frame that begins there ends, or 0 if it is not all there. */
  private int frame(byte[] bytes, int start, long nowNs) throws IOException {
    if (bytes.length - start < 2) {
      return 0;
    }
    int opcode = bytes[start] & 0x0F;
    int length = bytes[start + 1] & 0x7F;
    int data = start + 2;
    if (length == 126) {
      if (bytes.length < data + 2) {
        return 0;
      }
      length = ByteBuffer.wrap(bytes, data, 2).getShort() & 0xFFFF;
      data += 2;
    } else if (length == 127) {
      if (bytes.length < data + 8) {
        return 0;
      }
      length = Math.toIntExact(ByteBuffer.wrap(bytes, data, 8).getLong());
      data += 8;
    }
    if (bytes.length < data + length) {
      return 0;
    }
    if (opcode == PING) {
      send(PONG, Arrays.copyOfRange(bytes, data, data + length));
    } else if (opcode == CLOSE) {
      hasEnded = true;
    } else if (opcode == TEXT) {
      onText(new String(bytes, data, length, StandardCharsets.UTF_8), nowNs);
    }
    return data + length;
  }

  private void onText(String text, long nowNs) throws IOException {
    isWelcome |= text.contains(WELCOME);
    if (isWatching() && seenNs == 0 && text.contains(word)) {
      seenNs = nowNs;
    }
    if (text.contains("\"type\":\"ping\"")) {
      send(TEXT, "{\"type\":\"pong\"}".getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The mask may be anything; nothing between here and there would be confused by zeros. */
  private void send(int opcode, byte[] data) throws IOException {
    if (data.length > SHORT_MAX) {
      throw new IOException("a short frame was wanted");
    }
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(FINAL | opcode);
    frame.write(MASKED | data.length);
    frame.write(new byte[4]);
    frame.write(data);
    write(frame.toByteArray());
  }

  private void write(byte[] bytes) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(bytes);
    while (out.hasRemaining()) {
      if (channel.write(out) == 0) {
        Thread.onSpinWait();
      }
    }
  }
}
