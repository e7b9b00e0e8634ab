package dev.parley.media.transport;

import static dev.parley.media.transport.PathFixture.SSRC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.ice.IceCredentials;
import dev.parley.media.packet.Limits;
import dev.parley.media.packet.OutgoingPacketWriter;
import dev.parley.media.srtp.SrtpProfile;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections without a network, under a clock moved by hand. */
class TcpConnectionsTest {
  private static final long SECOND_NS = PathFixture.SECOND_NS;
  private static final String CLIENT = "192.0.2.1";

  private final PathFixture fixture = new PathFixture(SrtpProfile.AEAD_AES_128_GCM);
  private final TcpConnections connections = new TcpConnections(fixture.parts, fixture.receivePath);
  private final List<EmbeddedChannel> channels = new ArrayList<>();
  private int nextPort = 1024;

  @AfterEach
  void close() {
    channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    fixture.close();
  }

  @Test
  void aCheckMakesAConnectionAPathAndItsAnswerIsFramed() {
    EmbeddedChannel channel = connect(CLIENT);

    receive(channel, fixture.check("localufr", fixture.ice));

    List<byte[]> answers = sent(channel);
    assertThat(answers).hasSize(1);
    assertThat(answers.getFirst()).startsWith(1, 1);
    assertThat(fixture.peer.selected()).isNotNull();
    assertThat(count(TransportCounter.STUN_CHECKS)).isEqualTo(1);
    assertThat(count(TransportCounter.TCP_FRAMES_RECEIVED)).isEqualTo(1);
  }

  @Test
  void mediaGoesBothWays() {
    fixture.withKeys();
    EmbeddedChannel channel = connect(CLIENT);
    receive(channel, fixture.check("localufr", fixture.ice));
    sent(channel);

    receive(channel, fixture.voice(SSRC, 1));
    send(1);

    assertThat(count(TransportCounter.RTP_ACCEPTED)).isEqualTo(1);
    assertThat(count(TransportCounter.RTP_SENT)).isEqualTo(1);
    assertThat(sent(channel)).hasSize(1);
  }

  @Test
  void theSameAddressByUdpIsAnotherPath() {
    EmbeddedChannel channel = connect(CLIENT);
    receive(channel, fixture.check("localufr", fixture.ice));
    InetSocketAddress remote = new InetSocketAddress(InetAddress.ofLiteral(CLIENT), nextPort - 1);

    fixture.receive(fixture.check("localufr", fixture.ice), remote);

    assertThat(fixture.parts.peers.addressCount()).isEqualTo(2);
  }

  @Test
  void aStrangerIsGivenUpAfterSeconds() {
    EmbeddedChannel silent = connect(CLIENT);
    EmbeddedChannel forger = connect(CLIENT);
    receive(forger, fixture.check("localufr", stranger()));

    pass(Limits.UNPROVEN_CONNECTION_NS_MAX + SECOND_NS);

    assertThat(silent.isOpen()).isFalse();
    assertThat(forger.isOpen()).isFalse();
    assertThat(count(TransportCounter.TCP_CONNECTIONS_UNPROVEN)).isEqualTo(2);
    assertThat(count(TransportCounter.TCP_CONNECTIONS_CLOSED)).isEqualTo(2);
  }

  @Test
  void aPeersConnectionStaysUntilItsPeerIsGone() {
    EmbeddedChannel channel = connect(CLIENT);
    receive(channel, fixture.check("localufr", fixture.ice));

    pass(20 * SECOND_NS);
    assertThat(channel.isOpen()).isTrue();

    fixture.parts.peers.remove(fixture.peer);
    pass(SECOND_NS);
    assertThat(channel.isOpen()).as("its goodbye may still be on its way").isTrue();
    pass(Limits.UNPROVEN_CONNECTION_NS_MAX + SECOND_NS);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aClosedConnectionIsNoPathAnyMore() {
    fixture.withKeys();
    EmbeddedChannel channel = connect(CLIENT);
    receive(channel, fixture.check("localufr", fixture.ice));

    assertThat(channel.close().isSuccess()).isTrue();

    assertThat(fixture.peer.selected()).isNull();
    assertThat(fixture.parts.peers.addressCount()).isZero();
    send(1);
    assertThat(count(TransportCounter.OUTGOING_NOT_CONNECTED)).isEqualTo(1);
    EmbeddedChannel next = connect(CLIENT);
    receive(next, fixture.check("localufr", fixture.ice));
    sent(next);
    send(2);
    assertThat(sent(next)).hasSize(1);
  }

  @Test
  void oneAddressHasAFewStrangersAtATime() {
    for (int i = 0; i < Limits.UNPROVEN_CONNECTIONS_PER_ADDRESS_MAX; i++) {
      connect(CLIENT);
    }

    assertThat(accept(CLIENT)).isNull();
    assertThat(accept("192.0.2.2")).isNotNull();
    assertThat(count(TransportCounter.TCP_CONNECTIONS_REFUSED)).isEqualTo(1);
    receive(channels.getFirst(), fixture.check("localufr", fixture.ice));
    assertThat(accept(CLIENT)).as("a peer's connection does not count").isNotNull();
  }

  @Test
  void aFloodOfStrangersLosesItsOldestAndNoPeers() {
    EmbeddedChannel client = connect(CLIENT);
    receive(client, fixture.check("localufr", fixture.ice));
    for (int i = 0; i < Limits.UNPROVEN_CONNECTIONS_MAX; i++) {
      connect("198.51.100." + i % 256);
    }

    EmbeddedChannel last = connect("203.0.113.1");

    assertThat(client.isOpen()).isTrue();
    assertThat(channels.get(1).isOpen()).isFalse();
    assertThat(channels.get(2).isOpen()).isTrue();
    assertThat(last.isOpen()).isTrue();
    assertThat(count(TransportCounter.TCP_CONNECTIONS_UNPROVEN)).isEqualTo(1);
  }

  @Test
  void tooLongAFrameEndsItsConnection() {
    EmbeddedChannel channel = connect(CLIENT);

    ByteBuf bytes = Unpooled.buffer().writeShort(Limits.DATAGRAM_LENGTH_MAX + 1);
    channel.writeInbound(bytes.writeShort(1).writeByte(1));

    assertThat(channel.isOpen()).isFalse();
    assertThat(count(TransportCounter.TCP_FRAMES_TOO_LONG)).isEqualTo(1);
    assertThat(count(TransportCounter.TCP_FRAMES_RECEIVED)).isZero();
  }

  /** What is sent and not flushed waits like what the network does not take. */
  @Test
  void aSlowReaderLosesPacketsAndHoldsLittleMemory() {
    fixture.withKeys();
    EmbeddedChannel channel = connect(CLIENT);
    receive(channel, fixture.check("localufr", fixture.ice));
    sent(channel);
    int sentCount = 1000;

    for (int i = 0; i < sentCount; i++) {
      claim(i);
      fixture.sendPath.drain(fixture.outbound);
    }
    fixture.parts.flush();

    List<byte[]> taken = sent(channel);
    assertThat(taken).isNotEmpty();
    assertThat(taken.stream().mapToInt(packet -> packet.length).sum())
        .isLessThanOrEqualTo(Limits.CONNECTION_QUEUE_LENGTH_MAX);
    assertThat(count(TransportCounter.TCP_SEND_QUEUE_FULL)).isEqualTo(sentCount - taken.size());
    send(sentCount);
    assertThat(sent(channel)).as("it goes on with what is new").hasSize(1);
  }

  private EmbeddedChannel connect(String host) {
    EmbeddedChannel channel = accept(host);
    assertThat(channel).isNotNull();
    return channel;
  }

  private @Nullable EmbeddedChannel accept(String host) {
    InetSocketAddress remote = new InetSocketAddress(InetAddress.ofLiteral(host), nextPort++);
    EmbeddedChannel channel = new EmbeddedChannel();
    channels.add(channel);
    channel
        .config()
        .setOption(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(
                Limits.CONNECTION_QUEUE_LENGTH_MAX / 2, Limits.CONNECTION_QUEUE_LENGTH_MAX));
    TcpConnection connection = connections.accept(channel, remote);
    if (connection == null) {
      return null;
    }
    channel.pipeline().addLast(connection);
    return channel;
  }

  private static void receive(EmbeddedChannel channel, byte[] packet) {
    channel.writeInbound(Unpooled.buffer().writeShort(packet.length).writeBytes(packet));
  }

  private void send(int sequenceNumber) {
    claim(sequenceNumber);
    fixture.sendPath.drain(fixture.outbound);
    fixture.parts.flush();
  }

  private void claim(int sequenceNumber) {
    byte[] payload = new byte[100];
    OutgoingPacketWriter writer = new OutgoingPacketWriter();
    assertThat(writer.tryClaim(fixture.outbound, payload.length, 0, 1)).isTrue();
    writer.level(-30, true).payload(payload, 0);
    writer.addTarget(PathFixture.PEER, 0, sequenceNumber, 960 * sequenceNumber, false).commit();
  }

  private static List<byte[]> sent(EmbeddedChannel channel) {
    List<byte[]> packets = new ArrayList<>();
    for (ByteBuf frame = channel.readOutbound(); frame != null; frame = channel.readOutbound()) {
      assertThat(frame.readUnsignedShort()).isEqualTo(frame.readableBytes());
      packets.add(ByteBufUtil.getBytes(frame));
      frame.release();
    }
    return packets;
  }

  /** Lets time pass as the loop would see it. */
  private void pass(long ns) {
    long untilNs = fixture.nowNs + ns;
    while (fixture.nowNs < untilNs) {
      fixture.nowNs += SECOND_NS / 20;
      connections.poll(fixture.nowNs);
      channels.forEach(EmbeddedChannel::runPendingTasks);
    }
  }

  private static IceCredentials stranger() {
    return IceCredentials.of("localufr", "b-password-of-24-letters", "remo");
  }

  private long count(TransportCounter counter) {
    return fixture.count(counter);
  }
}
