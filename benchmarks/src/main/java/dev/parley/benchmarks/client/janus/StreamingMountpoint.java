package dev.parley.benchmarks.client.janus;

import static java.util.Objects.requireNonNull;

import dev.parley.benchmarks.client.PlainRtpTalker;
import dev.parley.benchmarks.client.RemoteDescription;
import dev.parley.benchmarks.client.Signalling;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.benchmarks.client.WebRtcClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A mountpoint of Janus's Streaming plugin, which forwards one talker to all: the talker comes by
 * plain RTP and is ours, the clients only listen. Here the server offers. The mountpoint is one of
 * its configuration's. Any thread, once prepared.
 */
public final class StreamingMountpoint implements Signalling {
  private static final String PLUGIN = "janus.plugin.streaming";
  private static final int MOUNTPOINT = 1;

  /** Where the configuration has the mountpoint wait for its talker. */
  private static final int RTP_PORT = 5002;

  private final URI api;
  private final VoiceSource voice;
  private @Nullable JanusSession session;
  private @Nullable PlainRtpTalker talker;

  /**
   * Talks to nobody yet.
   *
   * @param api such as http://192.0.2.1:8088/janus
   * @param voice what the talker says
   */
  public StreamingMountpoint(URI api, VoiceSource voice) {
    this.api = api;
    this.voice = voice;
  }

  @Override
  public void prepare() throws IOException, InterruptedException {
    session = new JanusSession(api);
    talker = new PlainRtpTalker(voice, new InetSocketAddress(api.getHost(), RTP_PORT));
  }

  @Override
  public void join(WebRtcClient client) throws IOException, InterruptedException {
    JanusSession open = requireNonNull(session, "prepare first");
    long handle = open.attach(PLUGIN);
    JanusEvent offered = open.ask(handle, open.body("watch").put("id", MOUNTPOINT), null, "");
    RemoteDescription offer = RemoteDescription.parse(offered.sdp());
    open.ask(handle, open.body("start"), "answer", client.answer(offer));
    client.start(offer);
  }

  /** Ends the session, which takes everybody out at once. */
  @Override
  public void close() {
    if (session != null) {
      session.close();
      session = null;
    }
    if (talker != null) {
      talker.close();
      talker = null;
    }
  }
}
