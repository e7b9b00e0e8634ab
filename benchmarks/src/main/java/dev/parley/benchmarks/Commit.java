package dev.parley.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Which sources are measured. Stateless. */
final class Commit {
  private static final int HASH_LENGTH = 12;

  private Commit() {}

  /** The commit checked out, with a {@code +} if sources were changed since; or "unknown". */
  static String describe(Path root) throws IOException {
    String hash = git(root, "rev-parse", "--short=" + HASH_LENGTH, "HEAD");
    if (hash.isEmpty()) {
      return "unknown";
    }
    boolean isChanged =
        !git(root, "status", "--porcelain", "--", ":(glob)*/src/main/**", "*pom.xml").isEmpty();
    return isChanged ? hash + "+" : hash;
  }

  /** What git says, or nothing if it fails. */
  private static String git(Path root, String... arguments) throws IOException {
    ProcessBuilder git = new ProcessBuilder();
    git.command().add("git");
    git.command().addAll(java.util.List.of(arguments));
    Process process =
        git.directory(root.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return process.waitFor() == 0 ? said.strip() : "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
