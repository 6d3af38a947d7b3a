"""German names for the demonstration."""

from dues.demo.words import Words, cities, listed

GERMANY = Words(
    given=listed(
        """Maria, Peter, Ursula, Michael, Monika, Thomas, Petra, Andreas, Elisabeth, Wolfgang, Sabine, Klaus, Renate,
        Jürgen, Helga, Günter, Karin, Stefan, Brigitte, Christian, Ingrid, Uwe, Erika, Werner, Andrea, Horst, Gisela,
        Frank, Claudia, Dieter, Susanne, Manfred, Gabriele, Gerhard, Christa, Hans, Christine, Bernd, Hildegard, Martin,
        Anna, Walter, Birgit, Heike, Jörg, Barbara, Anja, Ralf, Katrin, Markus, Lea, Felix, Emma, Ben, Mia, Paul,
        Hannah, Jonas, Sophie, Leon, Greta, Björn, Jannik, Käthe, Mehmet, Ayşe, Fatma, Mustafa, Elif, Olga, Dmitri,
        Zeynep, Linh, José, Agnieszka, Götz"""
    ),
    family=listed(
        """Müller, Schmidt, Schneider, Fischer, Weber, Meyer, Wagner, Becker, Schulz, Hoffmann, Schäfer, Koch, Bauer,
        Richter, Klein, Wolf, Schröder, Neumann, Schwarz, Zimmermann, Braun, Krüger, Hofmann, Hartmann, Lange, Schmitt,
        Werner, Schmitz, Krause, Meier, Lehmann, Schmid, Schulze, Maier, Köhler, Herrmann, König, Walter, Mayer, Huber,
        Kaiser, Fuchs, Peters, Lang, Scholz, Möller, Weiß, Jung, Hahn, Schubert, Vogel, Friedrich, Keller, Günther,
        Frank, Berger, Winkler, Roth, Beck, Lorenz, Baumann, Franke, Albrecht, Schuster, Simon, Ludwig, Böhm, Winter,
        Kraus, Martin, Schumacher, Krämer, Vogt, Stein, Jäger, Otto, Sommer, Groß, Seidel, Heinrich, Brandt, Haas,
        Schreiber, Graf, Dietrich, Ziegler, Kuhn, Yılmaz, Kaya, Nowak"""
    ),
    streets=listed(
        """Hauptstraße, Schulstraße, Gartenstraße, Bahnhofstraße, Dorfstraße, Bergstraße, Birkenweg, Lindenstraße,
        Kirchstraße, Waldstraße, Ringstraße, Wiesenweg, Amselweg, Buchenweg, Jahnstraße, Feldstraße, Mühlenweg,
        Finkenweg, Tannenweg, Ahornweg, Rosenstraße, Blumenstraße, Eichenweg, Wiesenstraße, Mühlstraße, Friedhofstraße,
        Sonnenstraße, Fichtenweg, Mittelstraße, Erlenweg, Drosselweg, Parkstraße, Heideweg, Meisenweg, Poststraße,
        Talstraße, Marktplatz, Nelkenweg, Tulpenweg, Am Sportplatz"""
    ),
    cities=cities(
        """Berlin 101, Hamburg 203, München 803, Köln 506, Stuttgart 701, Düsseldorf 402, Leipzig 041, Dortmund 441,
        Essen 451, Bremen 281, Dresden 010, Hannover 301, Nürnberg 904, Duisburg 470, Bochum 447, Wuppertal 421,
        Bielefeld 336, Bonn 531, Münster 481, Karlsruhe 761, Mannheim 681, Augsburg 861, Wiesbaden 651, Kiel 241,
        Aachen 520, Chemnitz 091, Halle 061, Magdeburg 391, Freiburg 790, Erfurt 990, Lübeck 235, Rostock 180,
        Kassel 341, Mainz 551, Oldenburg 261, Potsdam 144, Göttingen 370, Würzburg 970, Ulm 890, Jena 077"""
    ),
    choirs=listed(
        """Demochor, Demo-Frauenchor, Demo-Männerchor, Demo-Kinderchor, Demo-Kantorei, Demo-Jugendchor, Demo-Singkreis,
        Demo-Wanderkreis"""
    ),
    quarters=listed("Nord, Süd, Ost, West, Mitte"),
    regions=listed("Nord, Ost, Mitte, West, Südwest, Süd"),
)
