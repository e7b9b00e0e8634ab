package dev.parley.media.probe;

import dev.parley.media.stun.StunMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers STUN Binding requests of anyone, on a port and a thread of its own: a flood of them takes
 * nothing from the threads that carry media. A socket for each address, for an answer must come
 * from where its request went.
 */
public final class ProbePort implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProbePort.class);

  /** After so many datagrams of one socket, the next one's turn. */
  private static final int READS_MAX = 64;

  private final Selector selector;
  private final List<DatagramChannel> channels;
  private final ProbeAnswers answers;
  private final LongSupplier nanoClock;
  private final int port;
  private final ByteBuffer received = ByteBuffer.allocateDirect(StunMessage.LENGTH_MAX + 1);
  private final ByteBuffer sent = ByteBuffer.allocateDirect(StunMessage.LENGTH_MAX);
  private final UnsafeBuffer request = new UnsafeBuffer(received);
  private final UnsafeBuffer answer = new UnsafeBuffer(sent);
  private final Thread thread =
      Thread.ofPlatform().name("probe-port").daemon().unstarted(this::run);
  private volatile boolean isClosed;

  private ProbePort(
      Selector selector, List<DatagramChannel> channels, int port, int seed, LongSupplier clock) {
    this.selector = selector;
    this.channels = channels;
    this.port = port;
    this.answers = new ProbeAnswers(seed);
    this.nanoClock = clock;
  }

  /**
   * Binds the port on each address and answers from now on.
   *
   * @param port 0 takes one that is free on the first address
   * @param seed hard to guess
   * @param nanoClock monotonic time in nanoseconds
   * @throws IOException if the port is taken
   */
  public static ProbePort open(
      List<InetAddress> addresses, int port, int seed, LongSupplier nanoClock) throws IOException {
    Selector selector = Selector.open();
    List<DatagramChannel> channels = new ArrayList<>();
    int bound = port;
    try {
      for (InetAddress address : addresses) {
        DatagramChannel channel = open(address);
        channels.add(channel);
        channel.bind(new InetSocketAddress(address, bound));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
        bound = ((InetSocketAddress) channel.getLocalAddress()).getPort();
      }
    } catch (IOException e) {
      for (DatagramChannel channel : channels) {
        channel.close();
      }
      selector.close();
      throw e;
    }
    ProbePort opened = new ProbePort(selector, channels, bound, seed, nanoClock);
    opened.thread.start();
    return opened;
  }

  public int port() {
    return port;
  }

  /** How often this was counted. Any thread. */
  public long value(ProbeCounter counter) {
    return answers.value(counter);
  }

  @Override
  public void close() {
    isClosed = true;
    selector.wakeup();
    try {
      thread.join();
      for (DatagramChannel channel : channels) {
        channel.close();
      }
      selector.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("the probe port did not close cleanly", e);
    }
  }

  private void run() {
    while (!isClosed) {
      try {
        selector.select(key -> read((DatagramChannel) key.channel()));
      } catch (IOException e) {
        LOG.error("the probe port is given up: no probe is answered any more", e);
        return;
      }
    }
  }

  private void read(DatagramChannel channel) {
    for (int i = 0; i < READS_MAX; i++) {
      try {
        InetSocketAddress from = (InetSocketAddress) channel.receive(received.clear());
        if (from == null) {
          return;
        }
        int length =
            answers.answer(request, received.position(), from, answer, nanoClock.getAsLong());
        if (length > 0) {
          sent.clear().limit(length);
          answers.count(channel.send(sent, from) > 0 ? ProbeCounter.ANSWERED : ProbeCounter.FAILED);
        }
      } catch (IOException e) {
        // Such as no route back to whoever asked: the next one is not to suffer for it.
        answers.count(ProbeCounter.FAILED);
      }
    }
  }

  private static DatagramChannel open(InetAddress address) throws IOException {
    return DatagramChannel.open(
        address.getAddress().length == 4
            ? StandardProtocolFamily.INET
            : StandardProtocolFamily.INET6);
  }
}
