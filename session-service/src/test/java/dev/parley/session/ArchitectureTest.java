package dev.parley.session;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The session tier's package table, as a test. */
final class ArchitectureTest {
  private static final String ROOT = "dev.parley.session";
  private static final String[] DOMAIN = {
    ROOT + ".conference..", ROOT + ".placement..", ROOT + ".access..", ROOT + ".audit.."
  };

  /** Whose facts are stored. */
  private static final String[] STORED = {
    "capacity",
    "conference",
    "placement",
    "access",
    "webhook",
    "message",
    "node",
    "audit",
    "usage",
    "erasure",
    "library",
    "recording",
    "conversation"
  };

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void packagesImportWhatTheTableSays() {
    LayeredArchitecture table = layeredArchitecture().consideringOnlyDependenciesInLayers();
    table = allow(table, "capacity");
    table = allow(table, "conference");
    table = allow(table, "placement");
    table = allow(table, "geo", "placement");
    table = allow(table, "access");
    table = allow(table, "audit");
    table = allow(table, "webhook", "conference", "access");
    table = allow(table, "webhook.http", "webhook", "access");
    table = allow(table, "message", "conference", "access");
    table = allow(table, "node", "conference");
    table = allow(table, "usage", "conference");
    table = allow(table, "object");
    table = allow(table, "object.s3", "object");
    table = allow(table, "object.directory", "object", "object.s3");
    table = allow(table, "library", "conference", "access", "object", "placement");
    table = allow(table, "recording", "conference", "library");
    table = allow(table, "conversation", "conference", "library");
    String[] traces = {"conference", "message", "library", "recording", "conversation", "webhook"};
    table = allow(table, "erasure", traces);
    table = allow(table, "store", STORED);
    String[] kept = {
      "store", "access", "conference", "message", "library", "recording", "conversation"
    };
    table = allow(table, "store.regional", kept);
    table = allow(table, "store.embedded", "store");
    table = allow(table, "store.dynamo", "store", "capacity");
    table = allow(table, "media", "conference", "placement");
    table = allow(table, "event", "conference", "access");
    String[] sharing = {"coordination", "conference", "placement", "access", "event"};
    table = allow(table, "coordination", "conference", "placement", "access", "event");
    table = allow(table, "coordination.local", sharing);
    table = allow(table, "coordination.redis", sharing);
    table =
        allow(
            table,
            "rest",
            "capacity",
            "media",
            "placement",
            "conference",
            "access",
            "store",
            "webhook",
            "audit",
            "usage",
            "message",
            "erasure",
            "library",
            "recording",
            "conversation",
            "object",
            "event");
    table = allow(table, "web");
    table.layer("root").definedBy(ROOT).ensureAllClassesAreContainedInArchitecture().check(CODE);
  }

  @Test
  void thereAreNoPackageCycles() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CODE);
  }

  @Test
  void domainKnowsOnlyJavaAndTheContracts() {
    for (String domain : DOMAIN) {
      classes()
          .that()
          .resideInAPackage(domain)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  domain,
                  "java..",
                  "javax.crypto..",
                  "dev.parley.common.id..",
                  "dev.parley.common.control..",
                  "dev.parley.common.token..",
                  "org.jspecify.annotations.."))
          .check(CODE);
    }
  }

  @Test
  void httpIsKnownOnlyAtTheDoors() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            ROOT,
            ROOT + ".rest",
            ROOT + ".web",
            ROOT + ".media",
            ROOT + ".event",
            ROOT + ".object.s3",
            ROOT + ".object.directory")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..", "java.net.http..")
        .check(CODE);
  }

  @Test
  void eachTechnologyIsKnownOnlyToItsAdapter() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".store.embedded")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.rocksdb..")
        .check(CODE);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".geo")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.maxmind..")
        .check(CODE);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".coordination.redis")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.lettuce..")
        .check(CODE);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".store.dynamo")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("software.amazon.awssdk..")
        .check(CODE);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.nimbusds..")
        .because("tokens are common.token's")
        .check(CODE);
  }

  @Test
  void onlyTheContextReadsTheSystemsClocks() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + ".SessionServiceContext")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + ".SessionServiceContext$Builder")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + ".object.directory.DirectoryStore")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .check(CODE);
  }

  @Test
  void staticFieldsAreFinal() {
    fields().that().areStatic().should().beFinal().check(CODE);
  }

  @Test
  void virtualThreadsAreNotPinned() {
    methods().should().notHaveModifier(JavaModifier.SYNCHRONIZED).check(CODE);
  }

  @Test
  void namesSayWhatTheThingIs() {
    noClasses()
        .should()
        .haveNameMatching(".*(Util|Utils|Helper|Manager|Impl|Base|Info|Data)")
        .check(CODE);
  }

  private static LayeredArchitecture allow(
      LayeredArchitecture table, String name, String... imports) {
    LayeredArchitecture with = table.layer(name).definedBy(ROOT + "." + name);
    return imports.length == 0
        ? with.whereLayer(name).mayNotAccessAnyLayer()
        : with.whereLayer(name).mayOnlyAccessLayers(imports);
  }
}
