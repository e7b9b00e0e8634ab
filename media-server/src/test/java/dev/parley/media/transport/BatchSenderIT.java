package dev.parley.media.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.parley.media.packet.Limits;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams that one system call sends arrive as they were, each where it should. */
class BatchSenderIT {
  private static final int TIMEOUT_MS = 5_000;

  private final TransportCounters counters = new TransportCounters();
  private final List<LinuxSocket> sockets = new ArrayList<>();

  @BeforeEach
  void open() {
    assumeTrue(Epoll.isAvailable());
  }

  @AfterEach
  void close() throws IOException {
    for (LinuxSocket socket : sockets) {
      socket.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void moreThanOneBatchArrivesInOrder(String host) throws Exception {
    BatchSender sender = new BatchSender(bind(host), counters);
    int count = 2 * Limits.DATAGRAMS_PER_SEND_MAX + 3;
    try (DatagramSocket even = receiver(host);
        DatagramSocket odd = receiver(host)) {
      RemoteAddress[] receivers = {addressOf(even), addressOf(odd)};
      for (int i = 0; i < count; i++) {
        assertThat(sender.send(sent(i), lengthOf(i), receivers[i % 2])).isTrue();
      }
      sender.flush();

      for (int i = 0; i < count; i++) {
        DatagramPacket arrived = new DatagramPacket(new byte[2_000], 2_000);
        (i % 2 == 0 ? even : odd).receive(arrived);
        assertThat(arrived.getData()).startsWith(datagram(i));
        assertThat(arrived.getLength()).isEqualTo(lengthOf(i));
      }
    }
    assertThat(counters.get(TransportCounter.SEND_FAILURES)).isZero();
  }

  @Test
  void oneThatCannotBeSentDoesNotHoldUpTheOthers() throws Exception {
    BatchSender sender = new BatchSender(bind("127.0.0.1"), counters);
    try (DatagramSocket receiver = receiver("127.0.0.1")) {
      RemoteAddress nowhere =
          new RemoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      sender.send(sent(1), lengthOf(1), nowhere);
      sender.send(sent(2), lengthOf(2), addressOf(receiver));
      sender.send(sent(3), lengthOf(3), nowhere);
      sender.send(sent(4), lengthOf(4), addressOf(receiver));
      sender.flush();

      DatagramPacket arrived = new DatagramPacket(new byte[2_000], 2_000);
      receiver.receive(arrived);
      assertThat(arrived.getLength()).isEqualTo(lengthOf(2));
      arrived.setLength(2_000);
      receiver.receive(arrived);
      assertThat(arrived.getLength()).isEqualTo(lengthOf(4));
    }
    assertThat(counters.get(TransportCounter.SEND_FAILURES)).isEqualTo(2);
  }

  @Test
  void nothingIsSentOnAClosedSocket() throws Exception {
    LinuxSocket socket = bind("127.0.0.1");
    BatchSender sender = new BatchSender(socket, counters);
    try (DatagramSocket receiver = receiver("127.0.0.1")) {
      socket.close();
      sender.send(sent(1), lengthOf(1), addressOf(receiver));
      sender.flush();
    }

    assertThat(counters.get(TransportCounter.SEND_FAILURES)).isEqualTo(1);
  }

  @Test
  void sendingAllocatesNothing() throws Exception {
    BatchSender sender = new BatchSender(bind("127.0.0.1"), counters);
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int batches = 2_000;
    try (DatagramSocket receiver = receiver("127.0.0.1")) {
      RemoteAddress address = addressOf(receiver);
      UnsafeBuffer datagram = sent(7);
      sendBatches(sender, address, datagram, batches);
      long beforeBytes = thread.getCurrentThreadAllocatedBytes();
      sendBatches(sender, address, datagram, batches);
      long allocatedBytes = thread.getCurrentThreadAllocatedBytes() - beforeBytes;

      assertThat(allocatedBytes).isLessThan((long) batches * Limits.DATAGRAMS_PER_SEND_MAX);
    }
  }

  private static void sendBatches(
      BatchSender sender, RemoteAddress address, UnsafeBuffer datagram, int batches) {
    for (int batch = 0; batch < batches; batch++) {
      for (int i = 0; i < Limits.DATAGRAMS_PER_SEND_MAX; i++) {
        sender.send(datagram, datagram.capacity(), address);
      }
      sender.flush();
    }
  }

  private LinuxSocket bind(String host) throws IOException {
    SocketProtocolFamily family =
        host.contains(":") ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
    LinuxSocket socket = LinuxSocket.newSocketDgram(family);
    sockets.add(socket);
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(host), 0));
    return socket;
  }

  private static DatagramSocket receiver(String host) throws IOException {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral(host));
    socket.setSoTimeout(TIMEOUT_MS);
    return socket;
  }

  private static RemoteAddress addressOf(DatagramSocket socket) {
    return new RemoteAddress((InetSocketAddress) socket.getLocalSocketAddress());
  }

  private static int lengthOf(int number) {
    return 20 + number * 7;
  }

  private static UnsafeBuffer sent(int number) {
    return new UnsafeBuffer(datagram(number));
  }

  private static byte[] datagram(int number) {
    byte[] bytes = new byte[lengthOf(number)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (number + i);
    }
    return bytes;
  }
}
