package dev.parley.media.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.parley.media.packet.Limits;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.srtp.SrtpProfile;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one system call takes from a socket comes whole, in order, and with its true time. */
class BatchReceiverIT {
  private static final int BATCH = 32;

  private final List<LinuxSocket> opened = new ArrayList<>();
  private PathFixture fixture;
  private BatchReceiver receiver;

  @BeforeEach
  void open() {
    assumeTrue(Epoll.isAvailable());
    fixture = new PathFixture(SrtpProfile.AEAD_AES_128_GCM);
    fixture.nowNs = System.nanoTime();
    receiver = new BatchReceiver(fixture.parts, fixture.receivePath);
  }

  @AfterEach
  void close() throws IOException {
    if (fixture != null) {
      fixture.close();
    }
    for (LinuxSocket descriptor : opened) {
      descriptor.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void datagramsOfAKnownAddressComeToItsPeer(String host) throws Exception {
    LinuxSocket descriptor = bind(host);
    try (DatagramSocket client = client(host)) {
      fixture.receive(fixture.check("localufr", fixture.ice), addressOf(client));
      fixture.withKeys();
      int count = Limits.DATAGRAMS_PER_READ_MAX + 3;
      for (int i = 0; i < count; i++) {
        send(client, descriptor, fixture.voice(PathFixture.SSRC, i));
      }
      fixture.nowNs = System.nanoTime();

      receiver.read(descriptor.intValue(), fixture.socket);
      assertThat(fixture.count(TransportCounter.RTP_ACCEPTED))
          .isEqualTo(Limits.DATAGRAMS_PER_READ_MAX);
      receiver.read(descriptor.intValue(), fixture.socket);
      assertThat(fixture.count(TransportCounter.RTP_ACCEPTED)).isEqualTo(count);
    }
  }

  @Test
  void aPacketIsTimedByItsArrivalHoweverLateItIsRead() throws Exception {
    LinuxSocket descriptor = bind("127.0.0.1");
    try (DatagramSocket client = client("127.0.0.1")) {
      fixture.receive(fixture.check("localufr", fixture.ice), addressOf(client));
      fixture.withKeys();
      long beforeNs = System.nanoTime();
      send(client, descriptor, fixture.voice(PathFixture.SSRC, 1));
      long afterNs = System.nanoTime();
      while (System.nanoTime() - afterNs < 30_000_000) {
        Thread.onSpinWait();
      }
      fixture.nowNs = System.nanoTime();
      receiver.read(descriptor.intValue(), fixture.socket);

      assertThat(arrivalNs()).isBetween(beforeNs - 1_000_000, afterNs + 1_000_000);
    }
  }

  @Test
  void aDatagramThatIsTooLongIsDropped() throws Exception {
    LinuxSocket descriptor = bind("127.0.0.1");
    try (DatagramSocket client = client("127.0.0.1")) {
      send(client, descriptor, new byte[Limits.DATAGRAM_LENGTH_MAX + 1]);
      send(client, descriptor, new byte[5_000]);

      receiver.read(descriptor.intValue(), fixture.socket);

      assertThat(fixture.count(TransportCounter.DROPPED_TOO_LONG)).isEqualTo(2);
    }
  }

  @Test
  void nothingToReadIsNoFailureAndAClosedSocketIsOne() throws Exception {
    LinuxSocket descriptor = bind("127.0.0.1");
    int number = descriptor.intValue();
    receiver.read(number, fixture.socket);
    assertThat(fixture.count(TransportCounter.RECEIVE_FAILURES)).isZero();

    receiver.read(-1, fixture.socket);

    assertThat(fixture.count(TransportCounter.RECEIVE_FAILURES)).isEqualTo(1);
  }

  @Test
  void readingAllocatesNothing() throws Exception {
    LinuxSocket descriptor = bind("127.0.0.1");
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int reads = 2_000;
    try (DatagramSocket client = client("127.0.0.1")) {
      DatagramPacket stranger =
          new DatagramPacket(fixture.voice(1, 1), 60, descriptor.localAddress());
      readBatches(client, descriptor, stranger, reads);
      long allocatedBytes = 0;
      for (int i = 0; i < reads; i++) {
        sendBatch(client, stranger);
        long beforeBytes = thread.getCurrentThreadAllocatedBytes();
        receiver.read(descriptor.intValue(), fixture.socket);
        allocatedBytes += thread.getCurrentThreadAllocatedBytes() - beforeBytes;
      }

      assertThat(allocatedBytes).isLessThan(2L * reads * BATCH);
    }
  }

  private void readBatches(
      DatagramSocket client, LinuxSocket descriptor, DatagramPacket packet, int reads)
      throws IOException {
    for (int i = 0; i < reads; i++) {
      sendBatch(client, packet);
      receiver.read(descriptor.intValue(), fixture.socket);
    }
  }

  private static void sendBatch(DatagramSocket client, DatagramPacket packet) throws IOException {
    for (int i = 0; i < BATCH; i++) {
      client.send(packet);
    }
  }

  private long arrivalNs() {
    long[] arrivalNs = new long[1];
    ReceivedPacket packet = new ReceivedPacket();
    fixture.inbound.read((type, ring, index, length) -> {
      if (type == ReceivedPacket.TYPE) {
        arrivalNs[0] = packet.wrap(ring, index).arrivalNs();
      }
    });
    return arrivalNs[0];
  }

  private LinuxSocket bind(String host) throws IOException {
    SocketProtocolFamily family =
        host.contains(":") ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
    LinuxSocket descriptor = LinuxSocket.newSocketDgram(family);
    opened.add(descriptor);
    descriptor.setReceiveBufferSize(Limits.SOCKET_BUFFER_LENGTH);
    descriptor.setIntOpt(BatchReceiver.SOL_SOCKET, BatchReceiver.SO_TIMESTAMPNS, 1);
    descriptor.bind(new InetSocketAddress(InetAddress.ofLiteral(host), 0));
    return descriptor;
  }

  private static void send(DatagramSocket client, LinuxSocket to, byte[] bytes) throws IOException {
    client.send(new DatagramPacket(bytes, bytes.length, to.localAddress()));
  }

  private static DatagramSocket client(String host) throws IOException {
    return new DatagramSocket(0, InetAddress.ofLiteral(host));
  }

  private static InetSocketAddress addressOf(DatagramSocket client) {
    return (InetSocketAddress) client.getLocalSocketAddress();
  }
}
