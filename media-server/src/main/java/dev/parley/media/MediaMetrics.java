package dev.parley.media;

import dev.parley.common.metrics.Metrics;
import dev.parley.media.conference.ConferenceCounter;
import dev.parley.media.conference.ConferenceCounters;
import dev.parley.media.control.ControlLink;
import dev.parley.media.control.LinkCounter;
import dev.parley.media.door.DoorCounter;
import dev.parley.media.door.SignallingDoor;
import dev.parley.media.probe.ProbeCounter;
import dev.parley.media.probe.ProbePort;
import dev.parley.media.record.Recorder;
import dev.parley.media.record.RecorderCounter;
import dev.parley.media.transport.TransportCounter;
import dev.parley.media.transport.TransportCounters;
import dev.parley.media.upload.Uploader;
import java.util.List;
import java.util.Locale;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/** Names for Prometheus what the parts of the server count. Stateless; called while wiring. */
final class MediaMetrics {
  private MediaMetrics() {}

  static void register(Metrics metrics, ConferenceDirectory directory) {
    metrics.gauge(
        "parley.participants", "Participants on this server", directory::participantCount);
    metrics.gauge("parley.conferences", "Conferences on this server", directory::conferenceCount);
    metrics.counter(
        "parley.participants.busy",
        "Participants turned away because media threads had no time for more",
        directory::busyCount);
    metrics.gauge(
        "parley.draining", "1 while nobody new is taken", () -> directory.isDraining() ? 1 : 0);
  }

  static void register(Metrics metrics, int agent, ConferenceCounters counters) {
    for (ConferenceCounter counter : ConferenceCounter.values()) {
      String name = "parley.conference." + dotted(counter);
      String index = Integer.toString(agent);
      if (counter.isGauge()) {
        metrics.gauge(name, counter.label(), () -> counters.get(counter), "agent", index);
      } else {
        metrics.counter(name, counter.label(), () -> counters.get(counter), "agent", index);
      }
    }
  }

  static void register(Metrics metrics, int loop, TransportCounters counters) {
    for (TransportCounter counter : TransportCounter.values()) {
      metrics.counter(
          "parley.transport." + dotted(counter),
          counter.label(),
          () -> counters.get(counter),
          "loop",
          Integer.toString(loop));
    }
  }

  static void register(Metrics metrics, ControlLink link) {
    metrics.gauge("parley.control.links", "Session nodes linked now", link::upCount);
    for (LinkCounter counter : LinkCounter.values()) {
      metrics.counter(
          "parley.control." + dotted(counter),
          counter.description(),
          () -> link.counters().value(counter));
    }
  }

  static void register(Metrics metrics, ProbePort probePort) {
    for (ProbeCounter counter : ProbeCounter.values()) {
      metrics.counter(
          "parley.probe." + dotted(counter), counter.description(), () -> probePort.value(counter));
    }
  }

  static void register(Metrics metrics, Recorder recorder) {
    metrics.gauge("parley.recording.running", "Segments being recorded", recorder::runningCount);
    metrics.gauge(
        "parley.recording.waiting",
        "Segments that have ended and are still in the spool",
        recorder::waitingCount);
    metrics.gauge("parley.recording.spool.bytes", "Bytes in the spool", recorder::spoolLength);
    metrics.gauge(
        "parley.recording.spool.percent",
        "Share of what the spool may take of the disk that it takes, in percent",
        recorder::percentUsed);
    for (RecorderCounter counter : RecorderCounter.values()) {
      metrics.counter(
          "parley.recording.segments." + dotted(counter),
          counter.description(),
          () -> recorder.value(counter));
    }
  }

  static void register(Metrics metrics, Uploader uploader) {
    metrics.gauge(
        "parley.upload.waiting",
        "Tracks in the spool that are not in their stores, growing ones too",
        uploader::waitingCount);
    metrics.counter("parley.upload.tracks", "Tracks that became available", uploader::trackCount);
    metrics.counter(
        "parley.upload.bytes", "Bytes sent to stores, repetitions included", uploader::sentBytes);
    metrics.counter("parley.upload.parts", "Parts sent", uploader::partCount);
    metrics.counter(
        "parley.upload.parts.known",
        "Parts that an earlier process had sent, and that were not sent again",
        uploader::knownPartCount);
    metrics.counter(
        "parley.upload.failures",
        "Attempts that failed; each is made again",
        uploader::failureCount);
    metrics.counter(
        "parley.upload.different",
        "Times that a store had something else than was sent",
        uploader::differentCount);
    metrics.counter(
        "parley.upload.damaged",
        "Tracks that cannot be read, and were set aside",
        uploader::damagedCount);
  }

  static void register(Metrics metrics, SignallingDoor door) {
    metrics.gauge("parley.door.in.flight", "Requests at the door now", door::inFlightCount);
    metrics.gauge("parley.door.sessions", "Sessions begun at the door", door::sessionCount);
    for (DoorCounter counter : DoorCounter.values()) {
      metrics.counter(
          "parley.door." + dotted(counter), counter.description(), () -> door.value(counter));
    }
  }

  /** Rings of one direction, by loop and agent: {@code rings.get(loop).get(agent)}. */
  static void register(Metrics metrics, String direction, List<List<RingBuffer>> rings) {
    for (int loop = 0; loop < rings.size(); loop++) {
      for (int agent = 0; agent < rings.get(loop).size(); agent++) {
        RingBuffer ring = rings.get(loop).get(agent);
        metrics.gauge(
            "parley.ring.fill",
            "Share of a ring between an event loop and a mix agent that is in use",
            () -> (double) ring.size() / ring.capacity(),
            "direction",
            direction,
            "loop",
            Integer.toString(loop),
            "agent",
            Integer.toString(agent));
      }
    }
  }

  private static String dotted(Enum<?> counter) {
    return counter.name().toLowerCase(Locale.ROOT).replace('_', '.');
  }
}
