package dev.parley.systemtests.chaos;

import dev.parley.systemtests.nodes.NodeSeat;
import dev.parley.testsupport.RedisServer;
import dev.parley.testsupport.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;

/** What is broken for a while. Stateless. */
enum Breakage {
  NODE_KILLED {
    @Override
    Runnable begin(Cluster cluster, Random random) {
      NodeSeat seat = any(cluster.seats(), random);
      seat.node().process().kill();
      return seat::start;
    }
  },
  NODE_STOPPED {
    @Override
    Runnable begin(Cluster cluster, Random random) {
      ServiceProcess process = any(cluster.seats(), random).node().process();
      process.pause();
      return process::resume;
    }
  },
  REDIS_EMPTIED {
    @Override
    Runnable begin(Cluster cluster, Random random) {
      cluster.deployment().redis().send("FLUSHALL");
      return () -> {};
    }
  },
  REDIS_STOPPED {
    @Override
    Runnable begin(Cluster cluster, Random random) {
      RedisServer redis = cluster.deployment().redis();
      redis.pause();
      return redis::resume;
    }
  },
  REDIS_KILLED {
    @Override
    Runnable begin(Cluster cluster, Random random) {
      RedisServer redis = cluster.deployment().redis();
      redis.kill();
      return redis::restart;
    }
  },
  STORE_THROTTLED {
    @Override
    Runnable begin(Cluster cluster, Random random) {
      double share = 0.2 + 0.6 * random.nextDouble();
      cluster.deployment().storeDoor().refuseShare(share, random.nextLong());
      return () -> cluster.deployment().storeDoor().refuseShare(0, 0);
    }
  },
  STORE_STOPPED {
    @Override
    Runnable begin(Cluster cluster, Random random) {
      cluster.deployment().store().pause();
      return cluster.deployment().store()::resume;
    }
  },
  LINKS_OF_A_NODE_CUT {
    @Override
    Runnable begin(Cluster cluster, Random random) {
      NodeSeat seat = any(cluster.seats(), random);
      seat.linkDoor().isolate();
      return seat.linkDoor()::restore;
    }
  },
  ALL_LINKS_CUT {
    @Override
    Runnable begin(Cluster cluster, Random random) {
      cluster.seats().forEach(seat -> seat.linkDoor().isolate());
      return () -> cluster.seats().forEach(seat -> seat.linkDoor().restore());
    }
  },
  ANSWERS_LOST {
    @Override
    Runnable begin(Cluster cluster, Random random) {
      cluster.door().loseAnswers(1 + random.nextInt(8));
      return () -> cluster.door().loseAnswers(0);
    }
  },
  WEBHOOKS_REFUSED {
    @Override
    Runnable begin(Cluster cluster, Random random) {
      cluster.receiver().refuse(true);
      return () -> cluster.receiver().refuse(false);
    }
  },
  MEDIA_SERVER_CRASHED {
    @Override
    Runnable begin(Cluster cluster, Random random) {
      ModelMedia server = any(cluster.media(), random);
      server.crash();
      return () -> {
        try {
          server.start();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      };
    }

    @Override
    boolean takesMedia() {
      return true;
    }
  };

  /** Breaks it. Returns what mends it, which may take its time. */
  abstract Runnable begin(Cluster cluster, Random random);

  /** Whether people may lose their media by it. */
  boolean takesMedia() {
    return false;
  }

  private static <T> T any(List<T> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }
}
