package dev.parley.benchmarks.client;

import dev.parley.media.rtp.RtpPacketWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One talker by RTP without SRTP, ICE or a session: what feeds a server that takes its source so. A
 * thread of its own sends a packet each 20 ms of a schedule that never slips.
 */
public final class PlainRtpTalker implements AutoCloseable {
  private static final long PACKET_NS = TimeUnit.MILLISECONDS.toNanos(ClientSettings.PACKET_MS);
  private static final int PACKET_TICKS = 960;
  private static final int BUFFER_LENGTH = 1_500;
  private static final int SSRC = 0x5041_524C;

  private final VoiceSource voice;
  private final InetSocketAddress target;
  private final DatagramChannel channel;
  private final Thread thread;
  private volatile boolean running = true;

  /** Starts talking. */
  public PlainRtpTalker(VoiceSource voice, InetSocketAddress target) throws IOException {
    this.voice = voice;
    this.target = target;
    this.channel = DatagramChannel.open();
    this.thread = Thread.ofPlatform().name("plain-rtp-talker").daemon(true).start(this::run);
  }

  private void run() {
    UnsafeBuffer packet = new UnsafeBuffer(new byte[BUFFER_LENGTH]);
    RtpPacketWriter writer = new RtpPacketWriter();
    long startNs = System.nanoTime();
    for (int sent = 0; running; sent++) {
      long dueNs = startNs + sent * PACKET_NS;
      while (running && System.nanoTime() - dueNs < 0) {
        LockSupport.parkNanos(dueNs - System.nanoTime());
      }
      UnsafeBuffer frame = voice.frame(sent);
      writer.begin(packet, 0, LocalDescription.PAYLOAD_TYPE, sent == 0);
      writer.source(SSRC, sent, sent * PACKET_TICKS);
      int length = writer.payload(frame, 0, frame.capacity());
      PacketStamp.write(packet, length, 0, sent, dueNs);
      try {
        channel.send(ByteBuffer.wrap(packet.byteArray(), 0, length), target);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Falls silent. */
  @Override
  public void close() {
    running = false;
    LockSupport.unpark(thread);
    try {
      thread.join();
      channel.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
