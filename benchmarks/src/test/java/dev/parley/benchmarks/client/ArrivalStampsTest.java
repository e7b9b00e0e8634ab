package dev.parley.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ArrivalStampsTest {
  private static final long READ_LATER_MS = 150;

  @Test
  void stampIsOfTheArrivalHoweverLateTheReading() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (DatagramChannel channel = DatagramChannel.open().bind(any);
        DatagramChannel other = DatagramChannel.open().bind(any)) {
      ArrivalStamps stamps = new ArrivalStamps(channel);
      // The kernel turns its stamping on a little later.
      TimeUnit.MILLISECONDS.sleep(READ_LATER_MS);
      Instant sent = Instant.now();
      other.send(ByteBuffer.wrap(new byte[] {1}), channel.getLocalAddress());
      TimeUnit.MILLISECONDS.sleep(READ_LATER_MS);
      channel.receive(ByteBuffer.allocate(10));

      Instant arrived = Instant.ofEpochSecond(0, stamps.lastNs());

      // So much less than the reading was late as to tell them apart on a busy machine.
      assertThat(arrived).isCloseTo(sent, within(READ_LATER_MS - 10, ChronoUnit.MILLIS));
      assertThat(arrived).isAfterOrEqualTo(sent);
    }
  }
}
