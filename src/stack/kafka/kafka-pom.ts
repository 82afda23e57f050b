export const KAFKA_VERSION = '4.3.1';

/** The plugin by its full name, so that Maven need not look the short one up. */
export const COPY_DEPENDENCIES =
  'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/**
 * A project that has the broker as its only dependency; `mvn COPY_DEPENDENCIES` beside it fills the folder
 * `jars`. slf4j-simple writes the broker's warnings and errors to standard error.
 */
export const KAFKA_POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>assay</groupId>
  <artifactId>kafka-for-demo-and-tests</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>maven-dependency-plugin</artifactId>
        <version>3.8.1</version>
        <configuration>
          <outputDirectory>\${project.basedir}/jars</outputDirectory>
        </configuration>
      </plugin>
    </plugins>
  </build>
</project>
`;
