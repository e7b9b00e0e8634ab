package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.access.ServiceSecret;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NotEmpty;

final class CursorsTest {
  private final Cursors cursors = new Cursors(new ServiceSecret(new byte[32]));

  @Property(tries = 200)
  void positionComesBackForTheSameFiltersOnly(
      @ForAll @NotEmpty @AlphaChars String position, @ForAll @AlphaChars String filters) {
    String cursor = cursors.sign(position, filters);

    assertThat(cursors.position(cursor, filters)).isEqualTo(position);
    assertThat(cursors.position(cursor, filters + "x")).isNull();
  }

  @Property(tries = 200)
  void nothingElseIsACursor(@ForAll String text) {
    assertThat(cursors.position(text, "f")).isNull();
  }
}
