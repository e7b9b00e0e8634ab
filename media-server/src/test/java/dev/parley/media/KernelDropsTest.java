package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class KernelDropsTest {
  private static final int MORE_THAN_FIT = 200;

  @TempDir Path net;

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatDidNotFitIntoTheBufferIsCounted() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (DatagramSocket receiver = new DatagramSocket(any);
        DatagramSocket sender = new DatagramSocket(any)) {
      receiver.setReceiveBufferSize(1);
      assertThat(KernelDrops.atPort(receiver.getLocalPort())).isZero();

      byte[] bytes = new byte[1_000];
      for (int i = 0; i < MORE_THAN_FIT; i++) {
        sender.send(new DatagramPacket(bytes, bytes.length, receiver.getLocalSocketAddress()));
      }

      assertThat(KernelDrops.atPort(receiver.getLocalPort())).isBetween(1L, (long) MORE_THAN_FIT);
      assertThat(KernelDrops.atPort(sender.getLocalPort())).isZero();
    }
  }

  @Test
  void socketsOfBothFamiliesAreAddedUpAndOthersLeftOut() throws IOException {
    String head =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
            + " inode ref pointer drops\n";
    String rest =
        " 07 00000000:00000000 00:00000000 00000000     0        0 1234 2 0000000000000000 ";
    Files.writeString(
        net.resolve("udp"),
        head
            + "  1: 0100007F:1EDC 00000000:0000"
            + rest
            + "3\n"
            + "  2: 0100007F:1EDD 00000000:0000"
            + rest
            + "100\n");
    Files.writeString(
        net.resolve("udp6"),
        head + "  1: 00000000000000000000000001000000:1EDC 0:0000" + rest + "4\n");

    assertThat(KernelDrops.atPort(net, 7900)).isEqualTo(7);
  }

  @Test
  void nothingIsCountedWhereNothingIsKnown() {
    assertThat(KernelDrops.atPort(net, 7900)).isZero();
  }
}
