package dev.parley.media.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.ControlCodec;
import dev.parley.common.control.Decoded;
import dev.parley.common.control.Heartbeat;
import dev.parley.common.control.Hello;
import dev.parley.common.control.MediaMessage;
import dev.parley.common.control.SessionMessage;
import dev.parley.common.control.Welcome;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Session nodes that do what a test says. Each dialling is kept until the test answers it. */
final class ScriptedNodes implements Dialer {
  final List<Dialled> dialled = new ArrayList<>();
  private final ManualLoop loop;
  private final ControlCodec codec = new ControlCodec();

  ScriptedNodes(ManualLoop loop) {
    this.loop = loop;
  }

  @Override
  public void dial(URI node, Listener listener) {
    dialled.add(new Dialled(node, listener));
  }

  Dialled last() {
    return dialled.getLast();
  }

  /** One dialling, and the connection if it was taken. */
  final class Dialled implements Connection {
    final URI address;
    private final Listener listener;
    private final List<MediaMessage> heard = new ArrayList<>();
    int sending;
    int pings;
    int requests;
    boolean takes = true;
    boolean pongs = true;
    @Nullable String closed;

    Dialled(URI address, Listener listener) {
      this.address = address;
      this.listener = listener;
    }

    void refuse() {
      listener.onClosed("refused");
      loop.run();
    }

    Dialled open() {
      listener.onOpen(this);
      loop.run();
      return this;
    }

    /** Opens, reads the hello and welcomes. */
    Dialled welcome(String name, URI... nodes) {
      open();
      assertThat(heard).hasSize(1).first().isInstanceOf(Hello.class);
      say(new Welcome(name, 1, 1000, 3500, List.of(nodes)));
      return this;
    }

    Hello hello() {
      return (Hello) heard.getFirst();
    }

    void say(SessionMessage message) {
      sayText(codec.encode(message));
    }

    void sayText(String text) {
      assertThat(requests).as("a frame was asked for").isPositive();
      requests--;
      listener.onText(text);
      loop.run();
    }

    void breakOff() {
      listener.onClosed("reset");
      loop.run();
    }

    /** Takes the frame that is on its way. */
    void take() {
      assertThat(sending).isEqualTo(1);
      sending--;
      listener.onSent();
      loop.run();
    }

    /** What came since the last call, without heartbeats and the hello. */
    List<MediaMessage> heard() {
      List<MediaMessage> news = new ArrayList<>();
      for (MediaMessage message : heard) {
        if (!(message instanceof Hello) && !(message instanceof Heartbeat)) {
          news.add(message);
        }
      }
      heard.removeIf(message -> !(message instanceof Hello));
      return news;
    }

    long heartbeats() {
      return heard.stream().filter(Heartbeat.class::isInstance).count();
    }

    @Override
    public void send(String text) {
      assertThat(sending).as("one frame at a time").isZero();
      assertThat(closed).isNull();
      assertThat(codec.decodeMedia(text)).isInstanceOf(Decoded.Message.class);
      heard.add(((Decoded.Message<MediaMessage>) codec.decodeMedia(text)).message());
      if (takes) {
        listener.onSent();
      } else {
        sending++;
      }
    }

    @Override
    public void ping() {
      pings++;
      if (pongs) {
        listener.onPong();
      }
    }

    @Override
    public void request() {
      requests++;
    }

    @Override
    public void close(int code, String reason) {
      closed = code + " " + reason;
    }

    @Override
    public void abort() {
      closed = "aborted";
    }
  }
}
