package dev.parley.common.control;

import static java.util.Objects.requireNonNull;

import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import java.util.List;

/**
 * The first message of every link.
 *
 * @param protocol the newest protocol version this server speaks; the session tier accepts it and
 *     one older
 * @param incarnation chosen at random when the process starts; a new one means that every call of
 *     the old one is gone
 * @param participantsMax how many participants this server admits at most
 * @param conferences what the server holds now, so that both sides agree again after a break
 */
public record Hello(
    int protocol,
    ServerId server,
    String incarnation,
    Region region,
    String softwareVersion,
    int participantsMax,
    List<ConferenceSnapshot> conferences)
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
  }
}
