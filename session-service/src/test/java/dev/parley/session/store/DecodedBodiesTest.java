package dev.parley.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DecodedBodiesTest {
  private final DecodedBodies bodies = new DecodedBodies();
  private final AtomicInteger decoded = new AtomicInteger();

  @Test
  void theSameTextIsDecodedOnce() {
    Text first = text("a");
    // A text of its own, as each read of the store makes one.
    Text again = text(String.valueOf(new char[] {'a'}));

    assertThat(again).isSameAs(first);
    assertThat(decoded).hasValue(1);
  }

  @Test
  void theSameTextAsAnotherTypeIsDecodedAnew() {
    Text text = text("a");
    Integer length = bodies.get("a", Integer.class, String::length);

    assertThat(text.text()).isEqualTo("a");
    assertThat(length).isEqualTo(1);
  }

  @Test
  void longTextsAreNotKept() {
    String body = "a".repeat(DecodedBodies.LENGTH_MAX + 1);

    assertThat(text(body)).isNotSameAs(text(body)).isEqualTo(text(body));
  }

  /** These two have one hash. */
  @Test
  void textsThatShareAPlaceAreToldApart() {
    assertThat(text("Aa").text()).isEqualTo("Aa");
    assertThat(text("BB").text()).isEqualTo("BB");
    assertThat(text("Aa").text()).isEqualTo("Aa");
  }

  @Property(tries = 200)
  void eachTextMeansItself(@ForAll @Size(max = 50) List<String> texts) {
    for (String body : texts) {
      assertThat(text(body).text()).isEqualTo(body);
    }
  }

  private Text text(String body) {
    return bodies.get(
        body,
        Text.class,
        it -> {
          decoded.incrementAndGet();
          return new Text(it);
        });
  }

  private record Text(String text) {}
}
