package dev.parley.systemtests.show.faults;

import dev.parley.systemtests.nodes.MediaSeat;
import dev.parley.systemtests.nodes.NodeSeat;
import dev.parley.testsupport.RedisServer;
import java.util.Comparator;

/** What is broken in a {@link Scene}, and how it is mended. Stateless. */
enum Fault {
  MEDIA_KILLED("media server killed", Limits.MEDIA) {
    @Override
    Mending begin(Scene scene) {
      MediaSeat seat = busiest(scene);
      seat.process().kill();
      return seat::restart;
    }
  },
  MEDIA_STOPPED("media server stopped", Limits.MEDIA_HANGING) {
    @Override
    boolean comesBack() {
      return true;
    }

    @Override
    Mending begin(Scene scene) {
      MediaSeat seat = busiest(scene);
      seat.process().pause();
      return seat.process()::resume;
    }

    @Override
    long lengthMs() {
      return 2 * LENGTH_MS;
    }
  },
  NODE_KILLED("session node killed", Limits.NODE) {
    @Override
    Mending begin(Scene scene) {
      NodeSeat seat = scene.nodes().getFirst();
      seat.node().process().kill();
      return seat::start;
    }
  },
  NODE_STOPPED("session node stopped", Limits.NODE) {
    @Override
    Mending begin(Scene scene) {
      NodeSeat seat = scene.nodes().getLast();
      seat.node().process().pause();
      return seat.node().process()::resume;
    }
  },
  REDIS_KILLED("Redis killed", Limits.REDIS) {
    @Override
    Mending begin(Scene scene) {
      RedisServer redis = scene.deployment().redis();
      redis.kill();
      return redis::restart;
    }
  },
  REDIS_STOPPED("Redis stopped", Limits.REDIS) {
    @Override
    Mending begin(Scene scene) {
      RedisServer redis = scene.deployment().redis();
      redis.pause();
      return redis::resume;
    }
  },
  REDIS_EMPTIED("Redis emptied", Limits.REDIS) {
    @Override
    Mending begin(Scene scene) {
      scene.deployment().redis().send("FLUSHALL");
      return () -> {};
    }

    @Override
    long lengthMs() {
      return 0;
    }
  },
  STORE_THROTTLED("store throttled, half refused", Limits.STORE) {
    @Override
    Mending begin(Scene scene) {
      scene.deployment().storeDoor().refuseShare(0.5, 1);
      return () -> scene.deployment().storeDoor().refuseShare(0, 0);
    }
  },
  STORE_KILLED("store killed", Limits.STORE) {
    @Override
    Mending begin(Scene scene) {
      scene.deployment().store().close();
      return scene::restartStore;
    }
  },
  STORE_STOPPED("store stopped", Limits.STORE) {
    @Override
    Mending begin(Scene scene) {
      scene.deployment().store().pause();
      return scene.deployment().store()::resume;
    }
  },
  LINKS_CUT_5_S("control links cut for 5 s", Limits.LINK) {
    @Override
    Mending begin(Scene scene) {
      return cut(scene);
    }
  },
  LINKS_CUT_60_S("control links cut for 60 s", Limits.LINK) {
    @Override
    Mending begin(Scene scene) {
      return cut(scene);
    }

    @Override
    long lengthMs() {
      return 60_000;
    }
  };

  private static final long LENGTH_MS = 5_000;

  private final String words;
  private final Limits limits;

  Fault(String words, Limits limits) {
    this.words = words;
    this.limits = limits;
  }

  /** What mends it. */
  interface Mending {
    void run() throws Exception;
  }

  /** What must be true; not-a-number where nothing is demanded. */
  enum Limits {
    MEDIA(1_000, 6_000, Double.NaN),
    MEDIA_HANGING(4_000, 6_000, Double.NaN),
    NODE(Double.NaN, 250, 3_000),
    REDIS(Double.NaN, 250, Double.NaN),
    STORE(Double.NaN, 250, Double.NaN),
    LINK(Double.NaN, 250, Double.NaN);

    private static final double HEALED_MS = 5_000;

    private final double detectedMs;
    private final double silenceMs;
    private final double resumedMs;

    Limits(double detectedMs, double silenceMs, double resumedMs) {
      this.detectedMs = detectedMs;
      this.silenceMs = silenceMs;
      this.resumedMs = resumedMs;
    }

    /** Until the media server is given up. */
    double detectedMs() {
      return detectedMs;
    }

    /**
     * The longest that 95 of 100 guests concerned hear nothing: 250 is far above what a busy
     * machine makes of 20, and far below any way to move.
     */
    double silenceMs() {
      return silenceMs;
    }

    /** Until the last client's events go on. */
    double resumedMs() {
      return resumedMs;
    }

    /** From the mending until joins, leaves and events are as before. */
    double healedMs() {
      return HEALED_MS;
    }

    /** Whether every join and leave must be answered, and with none of the 500s. */
    boolean hasNoErrors() {
      return this == REDIS;
    }
  }

  /** Breaks it. */
  abstract Mending begin(Scene scene);

  /** How long it stays broken. */
  long lengthMs() {
    return LENGTH_MS;
  }

  String words() {
    return words;
  }

  Limits limits() {
    return limits;
  }

  /** Whether the conferences on a media server must get another one by it; else none may. */
  boolean movesMedia() {
    return limits.detectedMs() > 0;
  }

  /** Whether a media server comes back that was given up, and must be fenced. */
  boolean comesBack() {
    return false;
  }

  /** Whether it is the store that is broken. */
  boolean isOfStore() {
    return limits == Limits.STORE;
  }

  private static MediaSeat busiest(Scene scene) {
    return scene.media().stream()
        .max(Comparator.comparingDouble(MediaSeat::participants))
        .orElseThrow();
  }

  private static Mending cut(Scene scene) {
    scene.nodes().forEach(node -> node.linkDoor().isolate());
    return () -> scene.nodes().forEach(node -> node.linkDoor().restore());
  }
}
