package dev.parley.common.control;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The first message of every link.
 *
 * @param protocol the newest protocol version this server speaks; the session tier accepts it and
 *     one older
 * @param incarnation chosen at random when the process starts; a new one means that every call of
 *     the old one is gone
 * @param participantsMax how many participants this server admits at most
 * @param conferences what the server holds now, so that both sides agree again after a break
 * @param probes where it answers STUN Binding requests, as {@link Probe#addresses} are written, for
 *     clients that measure how far it is; none if it does not
 * @param door where it takes offers that come with a ticket, from clients themselves: an http or
 *     https address without query, up to {@value ControlLimits#DOOR_LENGTH_MAX} characters; null if
 *     it does not
 */
public record Hello(
    int protocol,
    ServerId server,
    String incarnation,
    Region region,
    String softwareVersion,
    int participantsMax,
    List<ConferenceSnapshot> conferences,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> probes,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable URI door)
    implements MediaMessage {
  /** The version this build speaks. */
  public static final int PROTOCOL = 1;

  public Hello {
    Ranges.requireAtLeast(1, protocol, "protocol");
    requireNonNull(server, "server");
    Ranges.requireToken(incarnation, "incarnation");
    requireNonNull(region, "region");
    Ranges.requireToken(softwareVersion, "softwareVersion");
    Ranges.requireAtLeast(0, participantsMax, "participantsMax");
    conferences = List.copyOf(conferences);
    probes = Ranges.requireProbeAddresses(Objects.requireNonNullElse(probes, List.of()));
    Ranges.requireDoor(door);
  }

  /** The greeting of a server without a door. */
  public Hello(
      int protocol,
      ServerId server,
      String incarnation,
      Region region,
      String softwareVersion,
      int participantsMax,
      List<ConferenceSnapshot> conferences,
      List<String> probes) {
    this(
        protocol,
        server,
        incarnation,
        region,
        softwareVersion,
        participantsMax,
        conferences,
        probes,
        null);
  }

  /** The greeting of a server that answers no probes and has no door. */
  public Hello(
      int protocol,
      ServerId server,
      String incarnation,
      Region region,
      String softwareVersion,
      int participantsMax,
      List<ConferenceSnapshot> conferences) {
    this(
        protocol,
        server,
        incarnation,
        region,
        softwareVersion,
        participantsMax,
        conferences,
        List.of());
  }
}
