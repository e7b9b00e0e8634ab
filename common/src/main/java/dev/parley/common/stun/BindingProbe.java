package dev.parley.common.stun;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Asks a process by STUN Binding requests (RFC 8489) whether it is there. Safe for several threads;
 * each call blocks on one.
 */
public final class BindingProbe {
  /** What came of asking. */
  public enum Outcome {
    /** An answer came: it lives. */
    ANSWERED,
    /** Each address's own machine said that nobody listens there (ICMP port unreachable). */
    REFUSED,
    /** Nothing came from one address at least: it is dead, or the way there is cut. */
    SILENT
  }

  private static final int HEADER_LENGTH = 20;
  private static final int BINDING_REQUEST = 0x0001;
  private static final int BINDING_SUCCESS = 0x0101;
  private static final int MAGIC_COOKIE = 0x2112A442;
  private static final int ANSWER_LENGTH_MAX = 1500;

  /** A datagram may be lost, which is no death. */
  private static final int ATTEMPTS = 3;

  private static final int WAKEUPS_MAX = 16;

  private final RandomGenerator random;

  /**
   * Takes what it needs.
   *
   * @param random safe for several threads, and hard to guess
   */
  public BindingProbe(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Asks all addresses at once, three times each.
   *
   * @param addresses as {@link ProbeAddress} writes them; others count as silent
   * @param timeout how long to wait for the first answer
   */
  public Outcome ask(List<String> addresses, Duration timeout) {
    List<DatagramChannel> channels = new ArrayList<>();
    try (Selector selector = Selector.open()) {
      ByteBuffer request = request();
      try {
        for (String address : addresses) {
          InetSocketAddress target = ProbeAddress.parse(address);
          if (target != null) {
            channels.add(connect(selector, target));
          }
        }
        boolean mayBeRefused = channels.size() == addresses.size() && !channels.isEmpty();
        return await(selector, request, timeout.toMillis(), mayBeRefused);
      } finally {
        for (DatagramChannel channel : channels) {
          channel.close();
        }
      }
    } catch (IOException e) {
      // This machine's own trouble says nothing about the other one.
      return Outcome.SILENT;
    }
  }

  private static Outcome await(
      Selector selector, ByteBuffer request, long timeoutMs, boolean mayBeRefused)
      throws IOException {
    ByteBuffer answer = ByteBuffer.allocate(ANSWER_LENGTH_MAX);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      send(selector, request);
      // What is no answer must not keep us for ever.
      for (int wakeup = 0; wakeup < WAKEUPS_MAX; wakeup++) {
        // Takes out the channels that were closed because nobody listens at their end.
        selector.selectNow();
        if (selector.keys().isEmpty()) {
          return mayBeRefused ? Outcome.REFUSED : Outcome.SILENT;
        }
        if (selector.selectedKeys().isEmpty()
            && selector.select(Math.max(1, timeoutMs / ATTEMPTS)) == 0) {
          break;
        }
        for (SelectionKey key : selector.selectedKeys()) {
          if (isAnswered(key, request, answer)) {
            return Outcome.ANSWERED;
          }
        }
        selector.selectedKeys().clear();
      }
    }
    return Outcome.SILENT;
  }

  private static void send(Selector selector, ByteBuffer request) throws IOException {
    for (SelectionKey key : List.copyOf(selector.keys())) {
      try {
        if (key.isValid()) {
          ((DatagramChannel) key.channel()).write(request.duplicate());
        }
      } catch (PortUnreachableException e) {
        key.channel().close();
      }
    }
  }

  private static boolean isAnswered(SelectionKey key, ByteBuffer request, ByteBuffer answer)
      throws IOException {
    answer.clear();
    try {
      if (!key.isValid() || ((DatagramChannel) key.channel()).read(answer) < HEADER_LENGTH) {
        return false;
      }
    } catch (PortUnreachableException e) {
      key.channel().close();
      return false;
    }
    answer.flip();
    return (answer.getShort(0) & 0xFFFF) == BINDING_SUCCESS
        && answer.getInt(4) == MAGIC_COOKIE
        && answer.getInt(8) == request.getInt(8)
        && answer.getLong(12) == request.getLong(12);
  }

  private static DatagramChannel connect(Selector selector, InetSocketAddress target)
      throws IOException {
    ProtocolFamily family =
        target.getAddress().getAddress().length == 4
            ? StandardProtocolFamily.INET
            : StandardProtocolFamily.INET6;
    DatagramChannel channel = DatagramChannel.open(family);
    try {
      channel.configureBlocking(false);
      channel.connect(target);
      channel.register(selector, SelectionKey.OP_READ);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private ByteBuffer request() {
    ByteBuffer request = ByteBuffer.allocate(HEADER_LENGTH);
    request.putShort((short) BINDING_REQUEST).putShort((short) 0).putInt(MAGIC_COOKIE);
    request.putInt(random.nextInt()).putLong(random.nextLong());
    return request.flip();
  }
}
