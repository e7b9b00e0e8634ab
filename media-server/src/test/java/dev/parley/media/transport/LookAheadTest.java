package dev.parley.media.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.parley.media.packet.OutgoingPacket;
import dev.parley.media.packet.OutgoingPacketWriter;
import dev.parley.media.srtp.SrtpProfile;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reading ahead changes nothing, and never reads what is freed. */
class LookAheadTest {
  private static final int NOBODY = 4711;

  @AutoClose
  private final PathFixture fixture =
      new PathFixture(SrtpProfile.AEAD_AES_128_GCM).withPath().withKeys();

  private final OutgoingPacketWriter writer = new OutgoingPacketWriter();

  @Test
  void onlyWhoIsThereIsSentTo() {
    send(NOBODY, PathFixture.PEER, NOBODY, PathFixture.PEER);

    assertThat(fixture.count(TransportCounter.RTP_SENT)).isEqualTo(2);
    assertThat(fixture.count(TransportCounter.OUTGOING_UNKNOWN_PEER)).isEqualTo(2);
  }

  @Test
  void receiverWhoseKeysAreFreedIsPassedOver() {
    fixture.peer.release();

    send(PathFixture.PEER, NOBODY, PathFixture.PEER);

    assertThat(fixture.count(TransportCounter.RTP_SENT)).isZero();
    assertThat(fixture.count(TransportCounter.OUTGOING_NOT_CONNECTED)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void contextsThatAreFreedAreNotRead(SrtpProfile profile) {
    try (PathFixture freed = new PathFixture(profile).withPath().withKeys()) {
      freed.receive(freed.voice(7, 1), PathFixture.CLIENT);
      Keys keys = freed.peer.keys();
      assertThat(keys).isNotNull();
      keys.close();

      MmsgSlots slots = new MmsgSlots(2, 0);
      new RemoteAddress(PathFixture.CLIENT).put(slots.memory(), slots.address(0));
      SourceLookAhead source = new SourceLookAhead(freed.parts.peers);
      TargetLookAhead target = new TargetLookAhead(freed.parts.peers);
      claim(freed, PathFixture.PEER, PathFixture.PEER);
      OutgoingPacket message = new OutgoingPacket();
      assertThatCode(
              () -> {
                source.look(slots, 0, 2);
                freed.outbound.read((_, buffer, index, _) -> {
                  message.wrap(buffer, index);
                  target.look(message, 0);
                });
              })
          .doesNotThrowAnyException();
    }
  }

  private void send(int... peers) {
    claim(fixture, peers);
    fixture.sendPath.at(fixture.nowNs);
    fixture.sendPath.drain(fixture.outbound);
  }

  private void claim(PathFixture at, int... peers) {
    assertThat(writer.tryClaim(at.outbound, 80, 0, peers.length)).isTrue();
    writer.payload(new byte[80], 0);
    for (int i = 0; i < peers.length; i++) {
      writer.addTarget(peers[i], 0, i + 1, 960 * i, false);
    }
    writer.commit();
  }
}
