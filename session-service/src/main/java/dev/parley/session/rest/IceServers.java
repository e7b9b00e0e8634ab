package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.id.Region;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The STUN and TURN servers that clients are told of. For TURN each is given a user name that says
 * when it ends, and the password that goes with it, as coturn's {@code use-auth-secret} checks
 * them. Thread-safe.
 */
public final class IceServers {
  private static final String MAC = "HmacSHA1";

  private final List<IceServer> servers;
  private final @Nullable String turnSecret;
  private final Duration lifetime;
  private final Clock clock;

  /**
   * Knows all servers.
   *
   * @param servers in the order in which clients are told of them
   * @param turnSecret shared with the TURN servers; null if there are none
   * @param lifetime how long a user name is good for; a TURN server asks again whenever an
   *     allocation is refreshed, so it should outlast the call
   */
  public IceServers(
      List<IceServer> servers, @Nullable String turnSecret, Duration lifetime, Clock clock) {
    this.servers = List.copyOf(servers);
    this.turnSecret = turnSecret;
    this.lifetime = lifetime;
    this.clock = clock;
  }

  /** What opens a TURN server for one client. */
  private record Credential(String username, String password) {}

  /**
   * Writes them as an RTCPeerConnection takes them.
   *
   * @param region of the client's media server; null if that is not known yet
   */
  void put(ArrayNode array, @Nullable Region region, String participant) {
    for (IceServer server : servers) {
      if (!server.serves(region)) {
        continue;
      }
      ObjectNode object = array.addObject();
      object.putArray("urls").add(server.url());
      Credential credential = credentialFor(server, participant);
      if (credential != null) {
        object.put("username", credential.username());
        object.put("credential", credential.password());
      }
    }
  }

  /** Writes them as RFC 9725 §4.6 wants: one Link field for each. */
  void link(Context context, Region region, String participant) {
    links(region, participant).forEach(link -> context.res().addHeader("Link", link));
  }

  /** Returns the values of those fields. */
  List<String> links(Region region, String participant) {
    List<String> links = new ArrayList<>();
    for (IceServer server : servers) {
      if (!server.serves(region)) {
        continue;
      }
      Credential credential = credentialFor(server, participant);
      String login =
          credential == null
              ? ""
              : "; username=\"%s\"; credential=\"%s\"; credential-type=\"password\""
                  .formatted(credential.username(), credential.password());
      links.add("<" + server.url() + ">; rel=\"ice-server\"" + login);
    }
    return links;
  }

  private @Nullable Credential credentialFor(IceServer server, String participant) {
    if (turnSecret == null || !server.isTurn()) {
      return null;
    }
    String username = clock.instant().plus(lifetime).getEpochSecond() + ":" + participant;
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(turnSecret.getBytes(StandardCharsets.UTF_8), MAC));
      byte[] tag = mac.doFinal(username.getBytes(StandardCharsets.UTF_8));
      return new Credential(username, Base64.getEncoder().encodeToString(tag));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + MAC, e);
    }
  }
}
