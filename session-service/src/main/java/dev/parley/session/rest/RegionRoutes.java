package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.id.Region;
import dev.parley.session.access.Caller;
import dev.parley.session.conference.Conference;
import dev.parley.session.media.RegionCensus;
import dev.parley.session.placement.RegionAtlas;
import dev.parley.session.placement.RegionGuide;
import dev.parley.session.placement.RegionProbe;
import dev.parley.session.placement.RegionScore;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where there are media servers, and which of them are near. Thread-safe. */
final class RegionRoutes {
  private static final int ID_LENGTH_MAX = 64;

  private final RestApi.Geography geography;
  private final Approaches approaches;
  private final Gate gate;
  private final Quotas quotas;

  RegionRoutes(RestApi.Geography geography, Approaches approaches, Gate gate, Quotas quotas) {
    this.geography = geography;
    this.approaches = approaches;
    this.gate = gate;
    this.quotas = quotas;
  }

  void register(RoutesConfig routes) {
    routes.get("/v1/regions", this::list);
    routes.post("/v1/regions/nearest", this::nearest);
  }

  /** A region and how well it suits. */
  private record Ranked(
      RegionCensus.Entry entry, RegionGuide.Distance distance, boolean isHost, double scoreMs) {}

  private void list(Context context) {
    Caller caller = gate.caller(context);
    quotas.take(context, Quotas.REGIONS, subject(caller));
    Conference conference = conference(caller, null);
    List<Ranked> ranked = rank(context, List.of(), conference);
    ObjectNode answer = Wire.object();
    ranked.stream()
        .filter(one -> one.entry().isOpen())
        .findFirst()
        .ifPresent(best -> {
          answer.put("suggested", best.entry().region().value());
          Wire.put(answer, "via", best.distance().via());
        });
    ArrayNode data = answer.putArray("regions");
    ranked.forEach(one -> data.add(view(one.entry())));
    Responses.json(context, answer);
  }

  private void nearest(Context context) {
    Caller caller = gate.caller(context);
    quotas.take(context, Quotas.REGIONS, subject(caller));
    JsonBody body = Bodies.json(context);
    List<RegionProbe> probes = Approaches.probes(body);
    String named = body.text("conference", ID_LENGTH_MAX);
    body.finish();
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("regions");
    for (Ranked one : rank(context, probes, conference(caller, named))) {
      ObjectNode node = data.addObject();
      node.put("id", one.entry().region().value());
      Wire.put(node, "state", one.entry().standing());
      node.put("scoreMs", Math.round(one.scoreMs()));
      node.put("rttMs", Math.round(one.distance().rttMs()));
      Wire.put(node, "via", one.distance().via());
      node.put("hosting", one.isHost());
    }
    Responses.json(context, answer);
  }

  /** Returns the regions where the conference may be: those that take it first, by their score. */
  private List<Ranked> rank(
      Context context, List<RegionProbe> probes, @Nullable Conference conference) {
    Map<Region, RegionCensus.Entry> entries =
        geography.census().regions().stream()
            .collect(Collectors.toMap(RegionCensus.Entry::region, Function.identity()));
    Region host = conference == null ? null : conference.region();
    List<Region> allowed =
        conference == null ? List.of() : conference.options().placement().allowed();
    if (!allowed.isEmpty()) {
      entries.keySet().retainAll(allowed);
    }
    return approaches.distances(context, List.copyOf(entries.keySet()), probes).stream()
        .map(distance -> {
          RegionCensus.Entry entry = Objects.requireNonNull(entries.get(distance.region()));
          boolean isHost = distance.region().equals(host);
          double scoreMs = RegionScore.costMs(distance.rttMs(), entry.load(), isHost);
          return new Ranked(entry, distance, isHost, scoreMs);
        })
        .sorted(
            Comparator.comparing((Ranked one) -> !one.entry().isOpen())
                .thenComparingDouble(Ranked::scoreMs))
        .toList();
  }

  /** Returns the conference that is spoken of, or null if there is none. */
  private @Nullable Conference conference(Caller caller, @Nullable String named) {
    return switch (caller) {
      case Caller.Joiner joiner -> gate.visit(joiner.conference(), joiner).conference();
      case Caller.Backend backend ->
          named == null ? null : gate.visit(Gate.conferenceId(named), backend).conference();
    };
  }

  private static String subject(Caller caller) {
    return switch (caller) {
      case Caller.Joiner joiner -> joiner.conference() + " " + joiner.claims().identity();
      case Caller.Backend backend -> backend.tenant();
    };
  }

  private ObjectNode view(RegionCensus.Entry entry) {
    ObjectNode node = Wire.object();
    node.put("id", entry.region().value());
    RegionAtlas.Place place = geography.guide().placeOf(entry.region());
    Wire.put(node, "city", place == null ? null : place.city());
    Wire.put(node, "state", entry.standing());
    ArrayNode probe = node.putArray("probe");
    entry.probes().forEach(probe::add);
    return node;
  }
}
