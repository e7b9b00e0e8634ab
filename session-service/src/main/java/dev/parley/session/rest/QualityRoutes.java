package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.Participants;
import dev.parley.session.conference.StayQuality;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How calls sound: everybody's for moderators, one's own for each. Thread-safe. */
final class QualityRoutes {
  private final Participants participants;
  private final Gate gate;

  QualityRoutes(Participants participants, Gate gate) {
    this.participants = participants;
    this.gate = gate;
  }

  void register(RoutesConfig routes) {
    routes.get("/v1/conferences/{c}/quality", this::all);
    routes.get("/v1/conferences/{c}/participants/{p}/quality", this::one);
  }

  private void all(Context context) {
    Gate.Visit visit = gate.visit(context);
    requireAll(visit);
    Gate.requireOpen(visit.conference());
    List<Participant> present = participants.present(visit.conference().id());
    Map<ParticipantId, StayQuality> known = participants.quality().of(visit.conference().id());
    ObjectNode answer = Wire.object();
    double mosSum = 0;
    double mosWorst = Double.MAX_VALUE;
    int measured = 0;
    ArrayNode data = Wire.object().putArray("data");
    for (Participant each : present) {
      StayQuality quality = known.get(each.id());
      if (quality != null) {
        data.add(view(each.id(), quality));
        measured++;
        mosSum += quality.mos();
        mosWorst = Math.min(mosWorst, quality.mos());
      }
    }
    answer.put("participants", present.size());
    answer.put("measured", measured);
    if (measured > 0) {
      answer.put("mosMean", rounded(mosSum / measured, 2));
      answer.put("mosWorst", rounded(mosWorst, 2));
    }
    answer.set("data", data);
    Responses.json(context, answer);
  }

  private void one(Context context) {
    Gate.Visit visit = gate.visit(context);
    Participant participant = gate.participant(context, visit);
    if (!visit.isSelf(participant)) {
      requireAll(visit);
    }
    Responses.json(context, view(participant.id(), participants.quality().of(participant)));
  }

  private void requireAll(Gate.Visit visit) {
    if (!gate.maySeeAll(visit)) {
      throw Refusals.grantMissing("moderate").exception();
    }
  }

  private static ObjectNode view(ParticipantId id, @Nullable StayQuality quality) {
    ObjectNode node = Wire.object();
    node.put("id", id.value());
    if (quality == null) {
      return node;
    }
    Wire.put(node, "measuredAt", quality.at());
    node.put("mos", rounded(quality.mos(), 2));
    if (quality.roundTripUs() != null) {
      node.put("roundTripMs", rounded(quality.roundTripUs() / 1000.0, 1));
    }
    put(node, "sent", quality.sent());
    put(node, "received", quality.received());
    StayQuality.Summary summary = quality.summary();
    node.putObject("stay")
        .put("measuredSec", summary.measuredMs() / 1000)
        .put("mosMean", rounded(summary.mosMean(), 2))
        .put("mosWorst", rounded(summary.mosWorst(), 2))
        .put("lossPercentMean", rounded(summary.lostPerMilleMean() / 10, 2))
        .put("lossPercentWorst", summary.lostPerMilleWorst() / 10.0)
        .put("badSec", summary.badMs() / 1000);
    return node;
  }

  private static void put(ObjectNode node, String field, StayQuality.@Nullable Way way) {
    if (way != null) {
      node.putObject(field)
          .put("lossPercent", way.lostPerMille() / 10.0)
          .put("jitterMs", rounded(way.jitterUs() / 1000.0, 1));
    }
  }

  private static double rounded(double value, int decimals) {
    double scale = Math.pow(10, decimals);
    return Math.round(value * scale) / scale;
  }
}
