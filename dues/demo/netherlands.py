"""Dutch names for the demonstration."""

from dues.demo.words import Words, cities, listed

NETHERLANDS = Words(
    given=listed(
        """Johanna, Jan, Maria, Piet, Anna, Hendrik, Elisabeth, Cornelis, Cornelia, Willem, Wilhelmina, Gerrit,
        Hendrika, Johannes, Catharina, Peter, Petronella, Hans, Margaretha, Kees, Els, Henk, Marieke, Bart, Sanne,
        Daan, Emma,
        Sem, Julia, Lucas, Lotte, Thijs, Fleur, Bram, Femke, Ruben, Anouk, Jeroen, Inge, Marc, Esther, Rob, Monique,
        Frank, Petra, Erik, Marjan, Wim, Ria, Sjoerd, Fenna, Jelle, Nienke, Wouter, Iris, Koen, Eva, Stijn, Saar, Gijs,
        Noor, Teun, Loïs, Joël, Mohammed, Fatima, Yusuf, Aylin, Samira, Ömer, Zoë, Chloé, Rianne, Huub, Truus, Cees"""
    ),
    family=listed(
        """de Jong, Jansen, de Vries, van den Berg, van Dijk, Bakker, Janssen, Visser, Smit, Meijer, de Boer, Mulder,
        de Groot, Bos, Vos, Peters, Hendriks, van Leeuwen, Dekker, Brouwer, de Wit, Dijkstra, Smits, de Graaf,
        van der Meer, van der Linden, Kok, Jacobs, de Haan, Vermeulen, van den Heuvel, van der Veen, van den Broek,
        de Bruijn, de Bruin, van der Heijden, Schouten, van Beek, Willems, van Vliet, van de Ven, Hoekstra, Maas,
        Verhoeven, Koster, van Dam, van der Wal, Prins, Blom, Huisman, Peeters, de Jonge, Kuipers, van Veen, Post,
        Kuiper, Veenstra, Kramer, van den Brink, Scholten, van Wijk, Postma, Martens, Vink, de Ruiter, Timmermans,
        Groen, Gerritsen, Jonker, van Loon, Boer, van der Velde, Willemsen, Smeets, de Lange, de Vos, Bosch,
        van Dongen, Schipper, de Koning, van der Laan, Driessen, van Doorn, Hermans, Evers, van den Bosch, Yılmaz,
        Kaya, Bouali, Chen"""
    ),
    streets=listed(
        """Kerkstraat, Schoolstraat, Molenstraat, Dorpsstraat, Molenweg, Julianastraat, Parallelweg, Nieuwstraat,
        Wilhelminastraat, Sportlaan, Industrieweg, Beatrixstraat, Stationsweg, Markt, Beukenlaan, Eikenlaan,
        Kastanjelaan, Berkenlaan, Lindenlaan, Populierenlaan, Wilgenstraat, Rozenstraat, Tulpstraat, Irisstraat,
        Hoofdstraat, Marktstraat, Achterweg, Havenstraat, Raadhuisstraat, Prinsenstraat, Oranjestraat, Zonnebloemstraat,
        Vijverlaan, Parklaan, Esdoornlaan, Meidoornstraat, Lijsterstraat, Merelstraat, Zwaluwstraat, Dijkweg"""
    ),
    cities=cities(
        """Amsterdam 1017, Rotterdam 3011, Den Haag 2511, Utrecht 3511, Eindhoven 5611, Groningen 9711, Tilburg 5038,
        Almere 1315, Breda 4811, Nijmegen 6511, Apeldoorn 7311, Haarlem 2011, Arnhem 6811, Enschede 7511,
        Amersfoort 3811, Zaandam 1506, Den Bosch 5211, Zwolle 8011, Leiden 2312, Leeuwarden 8911, Dordrecht 3311,
        Maastricht 6211, Alkmaar 1811, Delft 2611, Venlo 5911, Deventer 7411, Hilversum 1211, Roosendaal 4701, Oss 5341,
        Sittard 6131, Helmond 5701, Hoorn 1621, Gouda 2801, Assen 9401, Emmen 7811, Middelburg 4331, Zutphen 7201,
        Kampen 8261, Sneek 8601, Roermond 6041"""
    ),
    choirs=listed(
        """Demokoor, Demo vrouwenkoor, Demo mannenkoor, Demo kinderkoor, Demo kamerkoor, Demo jeugdkoor, Demo popkoor,
        Demo wandelclub"""
    ),
    quarters=listed("Noord, Zuid, Oost, West, Centrum"),
    regions=listed("Noord, Oost, Midden, West, Zuid, Zuidwest"),
)
