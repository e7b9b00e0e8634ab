package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.admin.AdminPart;
import dev.parley.common.control.ServerLoad;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import dev.parley.session.conference.Drain;
import dev.parley.session.conference.Fleet;
import dev.parley.session.conference.KnownRegion;
import dev.parley.session.conference.KnownServer;
import dev.parley.session.conference.MediaServer;
import dev.parley.session.conference.RegionState;
import dev.parley.session.media.LinkedServers;
import dev.parley.session.media.RegionScaling;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Media servers and regions, for the operator: what they are like, and steering them. Thread-safe.
 */
final class FleetRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(FleetRoutes.class);
  private static final int DEADLINE_SEC_DEFAULT = 600;
  private static final int DEADLINE_SEC_MAX = 86_400;

  private final Fleet fleet;
  private final LinkedServers links;
  private final RegionScaling scaling;

  FleetRoutes(Fleet fleet, LinkedServers links, RegionScaling scaling) {
    this.fleet = fleet;
    this.links = links;
    this.scaling = scaling;
  }

  void register(AdminApi api) {
    api.on("GET", "/admin/servers", _ -> AdminApi.json(200, servers()));
    api.on("POST", "/admin/servers/{s}/drain", this::drain);
    api.on("POST", "/admin/servers/{s}/undrain", this::undrain);
    api.on("GET", "/admin/regions", _ -> AdminApi.json(200, regions()));
    api.on("POST", "/admin/regions/{r}/isolate", call -> set(call, RegionState.ISOLATED));
    api.on("POST", "/admin/regions/{r}/restore", call -> set(call, RegionState.OPEN));
  }

  private AdminPart.Answer drain(AdminCall call) {
    JsonBody wish = call.json();
    int deadlineSec = wish.integer("deadlineSec", 1, DEADLINE_SEC_MAX, DEADLINE_SEC_DEFAULT);
    wish.finish();
    ServerId server = id(call.part("s"), ServerId::new, "media server");
    Fleet.Held held = fleet.drain(server, Duration.ofSeconds(deadlineSec));
    LOG.info("media server {} is drained within {} s", server, deadlineSec);
    return AdminApi.json(202, view(known(held), statuses()));
  }

  private AdminPart.Answer undrain(AdminCall call) {
    call.json().finish();
    ServerId server = id(call.part("s"), ServerId::new, "media server");
    Fleet.Held held = fleet.undrain(server);
    LOG.info("media server {} takes conferences again", server);
    return AdminApi.json(200, view(known(held), statuses()));
  }

  private AdminPart.Answer set(AdminCall call, RegionState state) {
    call.json().finish();
    Region region = id(call.part("r"), Region::new, "region");
    if (!regionsKnown().containsKey(region)) {
      throw Problem.notFound("region").exception();
    }
    fleet.set(region, state);
    LOG.info("region {} is {}", region, Wire.name(state));
    return AdminApi.json(200, view(region, Objects.requireNonNull(regionsKnown().get(region))));
  }

  private ObjectNode servers() {
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    Map<MediaServer, LinkedServers.Status> statuses = statuses();
    for (Fleet.Held held : fleet.servers()) {
      data.add(view(held, statuses));
    }
    return answer;
  }

  private ObjectNode regions() {
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    regionsKnown().forEach((region, sum) -> data.add(view(region, sum)));
    return answer;
  }

  private ObjectNode view(Region region, RegionSum sum) {
    ObjectNode node = sum.view(region);
    RegionScaling.State state = scaling.of(region);
    if (state != null) {
      ObjectNode advice = node.putObject("scaling");
      advice.put("demand", state.demand());
      advice.put("headroom", state.headroom());
      advice.put("load", state.entry() == null ? 0 : state.entry().load());
      Wire.put(advice, "advice", state.advice().direction());
      advice.put("servers", state.advice().servers());
      Wire.put(advice, "reason", state.advice().reason());
    }
    return node;
  }

  private static ObjectNode view(Fleet.Held held, Map<MediaServer, LinkedServers.Status> statuses) {
    KnownServer known = held.server();
    LinkedServers.Status status = statuses.get(known.server());
    ObjectNode node = Wire.object();
    node.put("id", known.server().server().value());
    node.put("region", known.server().region().value());
    node.put("incarnation", known.server().incarnation());
    node.put("state", state(known, status));
    node.put("conferences", held.conferences());
    Drain drain = known.drain();
    if (drain != null) {
      Wire.put(node.putObject("drain"), "since", drain.since());
      Wire.put((ObjectNode) node.path("drain"), "deadline", drain.deadline());
    }
    if (status != null) {
      ServerLoad load = status.load();
      node.put("participants", load.participants());
      node.put("participantsMax", status.participantsMax());
      node.put("cpu", load.cpu());
      node.put("links", status.linkCount());
      ServerLoad.SpoolLoad spool = load.spool();
      if (spool != null) {
        node.putObject("recordings")
            .put("running", spool.running())
            .put("waiting", spool.waiting())
            .put("percentUsed", spool.percentUsed());
      }
      ArrayNode probes = node.putArray("probes");
      status.probes().forEach(probes::add);
    }
    return node;
  }

  private static String state(KnownServer known, LinkedServers.@Nullable Status status) {
    if (known.lostAt() != null) {
      return "lost";
    }
    if (status == null || !status.isLive()) {
      return "in-doubt";
    }
    if (known.drain() != null) {
      return "draining";
    }
    return status.load().draining() ? "full" : "live";
  }

  /** What the servers of a region are together. */
  private static final class RegionSum {
    private RegionState state = RegionState.OPEN;
    private int servers;
    private int participants;
    private int participantsMax;

    ObjectNode view(Region region) {
      ObjectNode node = Wire.object();
      node.put("id", region.value());
      Wire.put(node, "state", state);
      node.put("servers", servers);
      node.put("participants", participants);
      node.put("participantsMax", participantsMax);
      return node;
    }
  }

  /** The regions with a server that beats, and those that were decided about. */
  private Map<Region, RegionSum> regionsKnown() {
    Map<Region, RegionSum> sums = new TreeMap<>(Comparator.comparing(Region::value));
    for (LinkedServers.Status status : links.statuses()) {
      if (status.isLive()) {
        RegionSum sum = sums.computeIfAbsent(status.server().region(), _ -> new RegionSum());
        sum.servers++;
        sum.participants += status.load().participants();
        sum.participantsMax += status.participantsMax();
      }
    }
    for (KnownRegion known : fleet.regions()) {
      sums.computeIfAbsent(known.region(), _ -> new RegionSum()).state = known.state();
    }
    return sums;
  }

  private Map<MediaServer, LinkedServers.Status> statuses() {
    Map<MediaServer, LinkedServers.Status> statuses = new HashMap<>();
    links.statuses().forEach(status -> statuses.put(status.server(), status));
    return statuses;
  }

  private static Fleet.Held known(Fleet.@Nullable Held held) {
    if (held == null) {
      throw Problem.notFound("media server").exception();
    }
    return held;
  }

  private static <T> T id(String text, Function<String, T> read, String what) {
    try {
      return read.apply(text);
    } catch (IllegalArgumentException e) {
      throw Problem.notFound(what).exception();
    }
  }
}
