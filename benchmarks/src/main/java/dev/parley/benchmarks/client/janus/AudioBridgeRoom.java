package dev.parley.benchmarks.client.janus;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.benchmarks.client.RemoteDescription;
import dev.parley.benchmarks.client.Signalling;
import dev.parley.benchmarks.client.WebRtcClient;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A room of Janus's AudioBridge, which mixes: each participant hears all but itself. The room is
 * one of its configuration's. Any thread, once prepared.
 */
public final class AudioBridgeRoom implements Signalling {
  private static final String PLUGIN = "janus.plugin.audiobridge";
  private static final int ROOM = 1;

  /** The effort that Parley's own mixes are encoded with (Opus's complexity). */
  private static final int COMPLEXITY = 5;

  private final URI api;
  private @Nullable JanusSession session;

  /**
   * Talks to nobody yet.
   *
   * @param api such as http://192.0.2.1:8088/janus
   */
  public AudioBridgeRoom(URI api) {
    this.api = api;
  }

  @Override
  public void prepare() throws IOException, InterruptedException {
    session = new JanusSession(api);
  }

  @Override
  public void join(WebRtcClient client) throws IOException, InterruptedException {
    JanusSession open = requireNonNull(session, "prepare first");
    long handle = open.attach(PLUGIN);
    ObjectNode join = open.body("join").put("room", ROOM).put("quality", COMPLEXITY);
    JanusEvent joined = open.ask(handle, join, "offer", client.offer());
    client.start(RemoteDescription.parse(joined.sdp()));
  }

  /** Ends the session, which takes everybody out at once. */
  @Override
  public void close() {
    if (session != null) {
      session.close();
      session = null;
    }
  }
}
