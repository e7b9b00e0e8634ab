package dev.parley.media.transport;

import dev.parley.media.conference.ParticipantDescription.Listening;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The whole path from the bytes of a datagram to the bytes of the datagrams that follow from it, by
 * the classes that the server runs: demux, RTP, inbound ring, mix agent with its tick, outbound
 * ring, RTP header of each receiver. One operation is 20 ms of a conference.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PathBenchmark {
  private static final int PREPARED = 1 << 15;

  /** What is done to the packets on either side. */
  public enum Cipher {
    /**
     * Nothing: the path begins where decryption would have ended, and ends where encryption would
     * begin. All of it is our own, and allocates nothing.
     */
    NONE,
    /** SRTP by AES-GCM, and Netty's share of each datagram, up to the socket. */
    SRTP
  }

  /** A conference, and what its talkers send. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // open() is called first.
  public abstract static class Room {
    @Param public Cipher cipher = Cipher.NONE;
    private MemoryPath memory;
    private TalkerPackets[] talkers;
    private int listeners;
    private long ticks;

    void open(int talkerCount, Listening talkersHear, int othersCount, Listening othersHear) {
      memory = new MemoryPath();
      talkers = new TalkerPackets[talkerCount];
      for (int peer = 0; peer < talkerCount + othersCount; peer++) {
        boolean isTalker = peer < talkerCount;
        memory.join(peer, isTalker ? talkersHear : othersHear, isTalker);
        if (cipher == Cipher.NONE) {
          memory.stopBeforeCipher(peer);
        }
      }
      for (int peer = 0; peer < talkerCount; peer++) {
        talkers[peer] = new TalkerPackets(memory, peer);
        if (cipher == Cipher.SRTP) {
          talkers[peer].protect(PREPARED / talkerCount);
        }
      }
      listeners = othersCount + (talkersHear == Listening.NOTHING ? 0 : talkerCount);
    }

    /** 20 ms: every talker's packet comes in, and what follows from it goes out. */
    long tick() {
      memory.advance();
      for (TalkerPackets talker : talkers) {
        if (cipher == Cipher.NONE) {
          talker.receiveClear();
        } else {
          talker.receiveProtected();
        }
      }
      memory.conferAndSend();
      ticks++;
      return memory.sent(sentBy());
    }

    private TransportCounter sentBy() {
      return cipher == Cipher.NONE
          ? TransportCounter.OUTGOING_NOT_PROTECTED
          : TransportCounter.RTP_SENT;
    }

    /** Frees native memory, and makes sure that the work was done. */
    @TearDown
    public void close() {
      double sentToEach = (double) memory.sent(sentBy()) / listeners;
      memory.close();
      if (sentToEach < 0.9 * ticks || sentToEach > ticks) {
        throw new IllegalStateException(sentToEach + " packets to each in " + ticks + " ticks");
      }
    }
  }

  /** One talker, whose packets are forwarded to all others. */
  @State(Scope.Thread)
  public static class Forwarding extends Room {
    @Param({"1", "10", "100"})
    public int receivers;

    @Setup
    public void prepare() {
      open(1, Listening.NOTHING, receivers, Listening.FORWARD);
    }
  }

  /** Three talkers who hear each other, and silent listeners who share one mix: four encodes. */
  @State(Scope.Thread)
  public static class Mixing extends Room {
    @Param({"1", "100"})
    public int listeners;

    @Setup
    public void prepare() {
      open(3, Listening.MIX, listeners, Listening.MIX);
    }
  }

  /**
   * Before each operation, and not in its time, the processor's caches are filled with other
   * things: as after 20 ms of others' work.
   */
  @State(Scope.Thread)
  public static class EmptyCaches {
    private static final int LENGTH = 64 << 20;
    private static final int CACHE_LINE_LENGTH = 64;

    private final byte[] others = new byte[LENGTH];

    /** Touches each line. */
    @Setup(Level.Invocation)
    public void fill() {
      for (int i = 0; i < others.length; i += CACHE_LINE_LENGTH) {
        others[i]++;
      }
    }
  }

  @Benchmark
  public long forward(Forwarding room) {
    return room.tick();
  }

  @Benchmark
  public long forwardCold(Forwarding room, EmptyCaches caches) {
    return room.tick();
  }

  @Benchmark
  public long mix(Mixing room) {
    return room.tick();
  }

  @Benchmark
  public long mixCold(Mixing room, EmptyCaches caches) {
    return room.tick();
  }
}
