package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.control.Order.RecordingMode;
import dev.parley.session.recording.Recording;
import dev.parley.session.recording.Segment;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Recordings in answers. Stateless. */
final class RecordingViews {
  private RecordingViews() {}

  static ObjectNode recording(Recording recording) {
    ObjectNode node = Wire.object();
    node.put("id", recording.id().value());
    node.put("conference", recording.conference().value());
    Wire.put(node, "mode", recording.wish().mode());
    if (recording.wish().mode() == RecordingMode.MIX) {
      node.put("channels", recording.wish().channels());
    }
    Wire.put(node, "state", recording.state());
    Wire.put(node, "endReason", recording.endReason());
    ObjectNode tags = node.putObject("tags");
    recording.wish().tags().forEach(tags::put);
    Recording.Times times = recording.times();
    Wire.put(node, "createdAt", times.createdAt());
    Wire.put(node, "startedAt", times.startedAt());
    Wire.put(node, "endedAt", times.endedAt());
    Wire.put(node, "availableAt", times.availableAt());
    node.put("durationMs", recording.durationMs());
    ArrayNode objects = node.putArray("objectIds");
    recording.objects().forEach(objects::add);
    ArrayNode segments = node.putArray("segments");
    recording
        .segments()
        .forEach(part -> segments.add(segment(part, recording.times().startedAt())));
    node.put("version", recording.revision());
    return node;
  }

  private static ObjectNode segment(Segment segment, @Nullable Instant startedAt) {
    ObjectNode node = Wire.object();
    node.put("number", segment.number());
    node.put("region", segment.server().region().value());
    Segment.End end = segment.end();
    if (end != null) {
      Wire.put(node, "ended", end.cause());
      if (end.startedAt() != null && startedAt != null) {
        long startMs = Duration.between(startedAt, end.startedAt()).toMillis();
        node.put("startMs", Math.max(0, startMs));
      }
      node.put("durationMs", end.durationMs());
    }
    ArrayNode tracks = node.putArray("tracks");
    for (Segment.Track track : segment.tracks()) {
      ObjectNode each = tracks.addObject();
      each.put("name", track.name());
      Wire.put(each, "objectId", track.object());
      if (track.object() != null) {
        each.put("durationMs", track.durationMs());
        each.put("size", track.lengthBytes());
        Wire.put(each, "sha256", track.sha256());
        each.put("gaps", track.gapCount());
      }
    }
    return node;
  }
}
