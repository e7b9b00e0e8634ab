package dev.parley.session.access;

import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Fetches JWK Sets. Thread-safe; blocks for some seconds at most. */
public interface KeySetSource {

  /** Returns what is wrong with a URL, as a phrase that follows its name, or null if nothing is. */
  @Nullable String fault(URI url);

  /**
   * Returns what the URL answers.
   *
   * @throws IOException if there is no answer that will do; the message says why
   */
  String fetch(URI url) throws IOException;
}
