package dev.parley.media.record;

import dev.parley.media.packet.RecordedMessage;
import dev.parley.media.packet.RecordedMessageWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/** A process that records ticks as they pass and says each, until it is killed. */
final class RecordingProcess {
  private static final long TICK_NS = 20_000_000L;
  private static final int TICK_SAMPLES = 960;

  private RecordingProcess() {}

  public static void main(String[] arguments) throws IOException {
    Path spool = Path.of(arguments[0]);
    Recorder recorder =
        new Recorder(
            spool,
            KeyFile.at(spool.resolve("key"), new SecureRandom()),
            1 << 24,
            System::nanoTime,
            TimeUnit.NANOSECONDS::toMillis,
            (_, _) -> {});
    recorder.recover();
    RecordedMessageWriter writer =
        new RecordedMessageWriter(
            ((Recorder.Begun) recorder.begin(new Segment("room", 4, "rec", 1, true, 1))).ring());
    long beganNs = System.nanoTime();
    writer.at(beganNs, 0, 0).mark(RecordedMessage.BEGAN);
    UnsafeBuffer packet = new UnsafeBuffer(new byte[] {(byte) 0xF8, 1, 2, 3});
    for (int tick = 1; ; tick++) {
      long leftNs = beganNs + tick * TICK_NS - System.nanoTime();
      while (leftNs > 0) {
        LockSupport.parkNanos(leftNs);
        leftNs = beganNs + tick * TICK_NS - System.nanoTime();
      }
      writer.at(beganNs + tick * TICK_NS, tick * TICK_SAMPLES, 0);
      writer.header(0, 0, -20, false).packet(RecordedMessage.MIXED, packet, 0, 4);
      System.out.write('.');
      System.out.flush();
    }
  }
}
