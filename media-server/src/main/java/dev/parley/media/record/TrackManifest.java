package dev.parley.media.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

/** The manifest of one track, a JSON object; {@code docs/recordings.md} says what is in it. */
final class TrackManifest {
  private static final int SAMPLES_PER_MS = 48;
  private static final ObjectMapper JSON = new ObjectMapper();

  private TrackManifest() {}

  /**
   * Describes a track that has ended.
   *
   * @param sha256 of the whole Ogg file
   * @param length of it, bytes
   */
  static byte[] of(TrackSummary track, byte[] sha256, long length) {
    TrackNote.Began began = track.began();
    TrackNote.Ended ended = track.ended();
    if (began == null || ended == null) {
      throw new IllegalArgumentException("only a track that began and ended is described");
    }
    ObjectNode manifest = JSON.createObjectNode();
    manifest.put("version", 1);
    manifest.put("track", began.name());
    manifest.put("mediaType", "audio/ogg; codecs=opus");
    manifest.put("channels", began.channels());
    manifest.put("startedAt", Instant.ofEpochMilli(began.unixMs()).toString());
    manifest.put("endedAt", Instant.ofEpochMilli(ended.unixMs()).toString());
    manifest.put("ended", ended.cause().word());
    manifest.put("samples", ended.samples());
    manifest.put("durationMs", ended.samples() / SAMPLES_PER_MS);
    manifest.put("length", length);
    manifest.put("sha256", HexFormat.of().formatHex(sha256));
    putGaps(manifest.putArray("gaps"), track);
    putPauses(manifest.putArray("pauses"), track);
    putSpeakers(manifest.putArray("speakers"), track);
    putLevels(manifest.putObject("levels"), track);
    try {
      return JSON.writeValueAsBytes(manifest);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers can be written", e);
    }
  }

  private static void putGaps(ArrayNode gaps, TrackSummary track) {
    for (TrackNote.Gap gap : track.gaps()) {
      gaps.addObject()
          .put("atMs", gap.position() / SAMPLES_PER_MS)
          .put("durationMs", gap.samples() / (double) SAMPLES_PER_MS)
          .put("cause", gap.cause().word());
    }
  }

  private static void putPauses(ArrayNode pauses, TrackSummary track) {
    for (TrackNote note : track.pauses()) {
      switch (note) {
        case TrackNote.Paused paused ->
            pauses
                .addObject()
                .put("atMs", paused.position() / SAMPLES_PER_MS)
                .put("pausedAt", Instant.ofEpochMilli(paused.unixMs()).toString());
        case TrackNote.Resumed resumed when !pauses.isEmpty() ->
            ((ObjectNode) pauses.get(pauses.size() - 1))
                .put("resumedAt", Instant.ofEpochMilli(resumed.unixMs()).toString());
        default -> {
          // Nothing else is among them.
        }
      }
    }
  }

  private static void putSpeakers(ArrayNode speakers, TrackSummary track) {
    for (SpeakerTurn turn : track.turns()) {
      speakers
          .addObject()
          .put("participant", turn.participant())
          .put("atMs", turn.position() / SAMPLES_PER_MS)
          .put("durationMs", turn.samples() / SAMPLES_PER_MS);
    }
  }

  private static void putLevels(ObjectNode loudness, TrackSummary track) {
    byte[] levels = new byte[track.levels().size()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = track.levels().get(i);
    }
    loudness.put("stepMs", TrackNote.LEVEL_SAMPLES / SAMPLES_PER_MS);
    loudness.put("dbBelowFullScale", Base64.getEncoder().encodeToString(levels));
  }
}
