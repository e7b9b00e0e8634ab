package dev.parley.session.object.directory;

import io.javalin.http.Context;

/** An answer in S3's XML, as it is written. One thread. */
final class StoreXml {
  private final String root;
  private final StringBuilder xml =
      new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

  /** Begins an answer with the root element of that name. */
  StoreXml(String root) {
    this.root = root;
    xml.append('<').append(root);
    xml.append(" xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
  }

  /** Adds an element with a text. No name that is taken here needs more escapes than these. */
  StoreXml text(String name, String value) {
    begin(name).xml.append(value.replace("&", "&amp;").replace("\"", "&quot;"));
    return end(name);
  }

  StoreXml begin(String name) {
    xml.append('<').append(name).append('>');
    return this;
  }

  StoreXml end(String name) {
    xml.append("</").append(name).append('>');
    return this;
  }

  /** Ends the answer and sends it. */
  void send(Context context) {
    context
        .status(200)
        .contentType("application/xml")
        .result(end(root).xml.append('\n').toString());
  }
}
