package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.library.Library;
import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.LibraryStore;
import io.javalin.http.Context;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Answers with lists of objects, page by page. Thread-safe. */
final class ObjectPages {
  private static final int PAGE_DEFAULT = 50;
  private static final int PAGE_MAX = 200;

  private final Library library;
  private final Cursors cursors;

  ObjectPages(Library library, Cursors cursors) {
    this.library = library;
    this.cursors = cursors;
  }

  /** Answers with the page that the request asks for. */
  void answer(
      Context context, LibraryStore.Selection selection, Function<LibraryObject, ObjectNode> view) {
    int limit = Queries.integer(context, "limit", 1, PAGE_MAX, PAGE_DEFAULT);
    String filters =
        "objects "
            + selection.tenant()
            + " "
            + selection.conference()
            + " "
            + new TreeSet<>(selection.kinds())
            + " "
            + new TreeMap<>(selection.tags());
    LibraryStore.Page page = library.list(selection, limit, cursors.position(context, filters));
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    page.objects().forEach(object -> data.add(view.apply(object)));
    if (page.next() != null) {
      String next = cursors.sign(page.next(), filters);
      answer.put("next", next);
      context.header("Link", Queries.nextLink(context, next));
    }
    Responses.json(context, answer);
  }
}
